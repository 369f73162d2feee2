#pragma once

#include <CLI/CLI.hpp>
#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>

namespace nib {

struct DeviceChoice;

/// Options whose values are read by this program's own rules: whole strings, decimal, in range, given once, not empty.
/// CLI11 only finds them: its own number parsing takes octal and hexadecimal, wraps negative numbers and saturates. A
/// bad value throws Error (usage) that names the option, what is allowed and what was got. `names` is CLI11's list of
/// names
/// ("-e,--epochs"; "WEIGHTS" for an argument without a dash), `value_name` stands for the value in the help text
/// ("N"), `allowed` says what it may be ("a whole number between 1 and 9"), and `accept` receives the text, never an
/// empty one.
CLI::Option* add_value(CLI::App& command, const std::string& names, const std::string& value_name,
                       const std::string& allowed, std::function<void(const std::string& text)> accept,
                       const std::string& description);

/// A whole number in [lowest, highest]. The value it has when the option is added is shown as the default.
template <std::unsigned_integral Integer>
CLI::Option* add_whole_number(CLI::App& command, const std::string& names, Integer& value, std::uint64_t lowest,
                              std::uint64_t highest, const std::string& description);

/// A decimal number in [lowest, highest], or below `highest` where that end is open.
struct NumberRange {
  double lowest = 0, highest = 1;
  bool below_highest = false;
};
CLI::Option* add_number(CLI::App& command, const std::string& names, double& value, NumberRange range,
                        const std::string& description);

/// A text; one that begins with a dash is taken for the next option, and so for a forgotten value.
CLI::Option* add_text(CLI::App& command, const std::string& names, const std::string& value_name,
                      const std::string& allowed, std::string& value, const std::string& description);

/// A flag without a value, which sets `value` to true; or to false.
CLI::Option* add_switch(CLI::App& command, const std::string& names, bool& value, const std::string& description);
CLI::Option* add_switch_off(CLI::App& command, const std::string& names, bool& value, const std::string& description);

/// The options that several commands share: same names, ranges and words everywhere.
void add_data_option(CLI::App& command, std::string& data);                 ///< --data mnist|fashion|DIR
void add_network_option(CLI::App& command, std::string& network);           ///< --network digits|FILE
void add_device_option(CLI::App& command, std::string& device);             ///< --device auto|cpu|cuda|cuda:N
void add_precision_option(CLI::App& command, std::string& precision);       ///< --precision fp32|tf32
void add_threads_option(CLI::App& command, unsigned& threads);              ///< --threads 1..1024; sets the default too
void add_training_device_options(CLI::App& command, DeviceChoice& choice);  ///< --precision, --stream, --fast
void add_batch_option(CLI::App& command, std::uint32_t& batch);             ///< --batch
void add_seed_option(CLI::App& command, std::uint64_t& seed);               ///< --seed
void add_digits_option(CLI::App& command, unsigned& digits);                ///< --digits of the classification report
void add_json_option(CLI::App& command, bool& json);                        ///< --json
void add_quiet_option(CLI::App& command, bool& quiet);                      ///< --quiet
void add_weights_argument(CLI::App& command, std::string& weights);         ///< WEIGHTS, see require_argument()

/// Throws Error (usage) when the argument `name` was not given: CLI11's own check would report it before a misspelt
/// option, which is the more likely cause.
void require_argument(const std::string& name, const std::string& value);

/// A user's text in quotes, safe to print.
std::string quoted(const std::string& text);

namespace detail {
std::uint64_t whole_number(const std::string& option, const std::string& text, std::uint64_t lowest,
                           std::uint64_t highest);
std::string range_text(std::uint64_t lowest, std::uint64_t highest);
std::string first_long_name(const std::string& names);
std::string with_range(const std::string& description, const std::string& range, const std::string& value);
}  // namespace detail

template <std::unsigned_integral Integer>
CLI::Option* add_whole_number(CLI::App& command, const std::string& names, Integer& value, std::uint64_t lowest,
                              std::uint64_t highest, const std::string& description) {
  const std::string option = detail::first_long_name(names);
  return add_value(
      command, names, "N", "a whole number " + detail::range_text(lowest, highest),
      [&value, option, lowest, highest](const std::string& text) {
        value = static_cast<Integer>(detail::whole_number(option, text, lowest, highest));
      },
      detail::with_range(description, detail::range_text(lowest, highest), std::to_string(value)));
}

}  // namespace nib
