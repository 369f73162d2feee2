#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "formats/weights.h"

namespace nib {

/// "--epochs" of "-e,--epochs": by it errors call an option.
std::string first_long_name(const std::string& names);

/// Options whose values are read by this program's own rules: whole strings, decimal, in range, given once, not empty.
/// The parser only finds them: its own number parsing takes octal and hexadecimal, wraps negative numbers and
/// saturates. A bad value throws Error (usage) that names the option, what is allowed and what was got. `names` is a
/// list such as "-e,--epochs", or "WEIGHTS" for an argument without a dash; `value_name` stands for the value in the
/// help text ("N"); `allowed` says what it may be ("a whole number between 1 and 9"); `accept` receives the text, never
/// an empty one.
void add_value(Command command, const OptionText& text, std::function<void(const std::string& value)> accept);

/// A whole number in [lowest, highest]. The value it has when the option is added is shown as the default.
template <std::unsigned_integral Integer>
void add_whole_number(Command command, const std::string& names, Integer& value, std::uint64_t lowest,
                      std::uint64_t highest, const std::string& description);

/// A decimal number in [lowest, highest], or below `highest` where that end is open.
struct NumberRange {
  double lowest = 0, highest = 1;
  bool below_highest = false;
};
void add_number(Command command, const std::string& names, double& value, NumberRange range,
                const std::string& description);
/// One whose default is nothing, told as `usual`.
void add_number(Command command, const std::string& names, std::optional<double>& value, NumberRange range,
                const std::string& description, const std::string& usual);

/// A text; one that begins with a dash is taken for the next option, and so for a forgotten value.
void add_text(Command command, const std::string& names, const std::string& value_name, const std::string& allowed,
              std::string& value, const std::string& description);

/// A text that is one of a few words; an empty `value` may stand for `usual`.
void add_word(Command command, const std::string& names, const std::vector<std::string>& words, std::string& value,
              const std::string& description, const std::string& usual = {});

/// A flag without a value, which sets `value` to true; or to false. "--name=false" does the opposite.
void add_switch(Command command, const std::string& names, bool& value, const std::string& description);
void add_switch_off(Command command, const std::string& names, bool& value, const std::string& description);

inline constexpr unsigned most_threads = 1024;

/// The options that several commands share: same names, ranges and words everywhere.
void add_data_option(Command command, std::string& data);                             ///< --data mnist|fashion|PATH
void add_data_argument(Command command, const std::string& name, std::string& data);  ///< see require_argument()
/// DATA, as an argument or as --data but not as both; without it `data` keeps what is in it.
void add_data_argument_or_option(Command command, std::string& data);
void add_prepare_option(Command command, bool& prepare);                       ///< --prepare
void add_limit_option(Command command, std::uint64_t& limit);                  ///< --limit N; left as it is without it
void add_network_option(Command command, std::string& network);                ///< --network digits|FILE
void add_flatten_option(Command command, std::optional<FlattenOrder>& order);  ///< --flatten CHW|HWC
void add_device_option(Command command, std::string& device);                  ///< --device auto|cpu|cuda|cuda:N
void add_precision_option(Command command, std::string& precision);            ///< --precision fp32|tf32
void add_kernels_option(Command command, std::string& kernels);                ///< --kernels own|library
void add_threads_option(Command command, unsigned& threads);                   ///< --threads 1..most_threads
void add_batch_option(Command command, std::uint32_t& batch);                  ///< --batch
void add_seed_option(Command command, std::uint64_t& seed);                    ///< --seed
void add_digits_option(Command command, unsigned& digits);  ///< --digits of the classification report
void add_json_option(Command command, bool& json);          ///< --json
void add_quiet_option(Command command, bool& quiet);        ///< --quiet
void add_best_option(Command command, bool& best);          ///< --best
/// WEIGHTS, see require_argument().
void add_weights_argument(Command command, std::string& weights, bool optional = false);

/// Throws Error (usage) when the argument `name` was not given: the parser's own check would report it before a
/// misspelt option, which is the more likely cause.
void require_argument(const std::string& name, const std::string& value);

/// A user's text in quotes, safe to print.
std::string quoted(const std::string& text);

namespace detail {
/// A whole number of a text: its range, and the value that is shown as the default.
struct WholeNumber {
  std::uint64_t lowest, highest, value;
  bool is_of_machine = false;  ///< the default
};
void add_whole_number(Command command, const std::string& names, const WholeNumber& number,
                      std::function<void(std::uint64_t)> accept, const std::string& description);
}  // namespace detail

template <std::unsigned_integral Integer>
void add_whole_number(Command command, const std::string& names, Integer& value, std::uint64_t lowest,
                      std::uint64_t highest, const std::string& description) {
  detail::add_whole_number(
      command, names, {lowest, highest, value},
      [&value](std::uint64_t number) { value = static_cast<Integer>(number); }, description);
}

}  // namespace nib
