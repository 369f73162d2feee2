#include "cli/options.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "engines/device_name.h"
#include "nib/training.h"

namespace nib {
namespace {

/// An option that takes one of two words.
struct Choice {
  std::string option;
  std::array<std::string, 2> words;
  const char* problem;  ///< with any other word
};
void add_choice(Command command, const Choice& choice, std::string& value, const std::string& description) {
  const std::string allowed = choice.words[0] + " or " + choice.words[1];
  add_value(command,
            {.names = choice.option,
             .value_name = choice.words[0] + '|' + choice.words[1],
             .allowed = allowed,
             .description = description,
             .usual = value},
            [&value, choice, allowed](const std::string& text) {
              if (std::ranges::find(choice.words, text) == choice.words.end()) {
                const std::optional<std::string> meant = nearest(text, choice.words);
                throw usage_error({.file = choice.option,
                                   .problem = choice.problem,
                                   .expected = allowed,
                                   .got = quoted(text),
                                   .hint = meant ? "did you mean " + *meant + "?" : ""});
              }
              value = text;
            });
}

std::string with_range(const std::string& description, const std::string& range, const std::string& value) {
  return fmt::format("{} ({}; default {})", description, range, value);
}

/// `usual` tells the default in words where that is no number.
void add_number_text(Command command, const std::string& names, NumberRange range, const std::string& description,
                     const std::string& usual, std::function<void(double)> accept) {
  const std::string limits = range.below_highest ? fmt::format("from {} to below {}", range.lowest, range.highest)
                                                 : fmt::format("between {} and {}", range.lowest, range.highest);
  const std::string allowed = "a number " + limits;
  add_value(command,
            {.names = names,
             .value_name = "X",
             .allowed = allowed,
             .description = with_range(description, limits, usual),
             .usual = parse_number(usual) ? usual : std::string()},
            [option = first_long_name(names), allowed, range, accept = std::move(accept)](const std::string& text) {
              const std::optional<double> number = parse_number(text);
              if (!number || *number < range.lowest || *number > range.highest ||
                  (range.below_highest && *number == range.highest))
                throw usage_error({.file = option, .problem = "not " + allowed, .got = quoted(text)});
              accept(*number);
            });
}

}  // namespace

std::string quoted(const std::string& text) { return '"' + printable(text, 200) + '"'; }

std::string first_long_name(const std::string& names) {
  const std::size_t dashes = names.find("--");
  return dashes == std::string::npos ? names : names.substr(dashes, names.find(',', dashes) - dashes);
}

void add_value(Command command, const OptionText& text, std::function<void(const std::string& value)> accept) {
  command.add_option(text, [option = first_long_name(text.names), allowed = text.allowed,
                            accept = std::move(accept)](const std::vector<std::string>& given) {
    if (given.size() > 1)
      throw usage_error(
          {.file = option, .problem = "given more than once", .got = quoted(given[0]) + " and " + quoted(given[1])});
    if (given.empty() || given.front().empty())
      throw usage_error({.file = option, .problem = "empty value", .expected = allowed});
    accept(given.front());
  });
}

void detail::add_whole_number(Command command, const std::string& names, const WholeNumber& number,
                              std::function<void(std::uint64_t)> accept, const std::string& description) {
  const std::string range = fmt::format("between {} and {}", number.lowest, number.highest);
  const std::string allowed = "a whole number " + range;
  add_value(command,
            {.names = names,
             .value_name = "N",
             .allowed = allowed,
             .description = with_range(description, range, std::to_string(number.value)),
             .usual = std::to_string(number.value),
             .is_of_machine = number.is_of_machine},
            [option = first_long_name(names), allowed, number, accept = std::move(accept)](const std::string& text) {
              const std::optional<std::uint64_t> given = parse_unsigned(text);
              if (!given || *given < number.lowest || *given > number.highest)
                throw usage_error({.file = option, .problem = "not " + allowed, .got = quoted(text)});
              accept(*given);
            });
}

void add_number(Command command, const std::string& names, double& value, NumberRange range,
                const std::string& description) {
  add_number_text(command, names, range, description, fmt::format("{}", value),
                  [&value](double number) { value = number; });
}

void add_number(Command command, const std::string& names, std::optional<double>& value, NumberRange range,
                const std::string& description, const std::string& usual) {
  add_number_text(command, names, range, description, usual, [&value](double number) { value = number; });
}

void add_text(Command command, const std::string& names, const std::string& value_name, const std::string& allowed,
              std::string& value, const std::string& description) {
  add_value(command,
            {.names = names,
             .value_name = value_name,
             .allowed = allowed,
             .description = value.empty() ? description : fmt::format("{} (default {})", description, value),
             .usual = value},
            [&value, option = first_long_name(names), allowed](const std::string& text) {
              if (text.front() == '-')
                throw usage_error({.file = option,
                                   .problem = "needs a value",
                                   .expected = allowed,
                                   .got = quoted(text),
                                   .hint = "a name that begins with a dash can be given as ./" + printable(text, 200)});
              value = text;
            });
}

void add_word(Command command, const std::string& names, const std::vector<std::string>& words, std::string& value,
              const std::string& description, const std::string& usual) {
  std::string allowed;
  for (const std::string& word : words) allowed += (allowed.empty() ? "" : "|") + word;
  add_value(command,
            {.names = names,
             .value_name = allowed,
             .allowed = allowed,
             .description = description,
             .usual = value.empty() ? usual : value},
            [option = first_long_name(names), words, allowed, &value](const std::string& text) {
              if (std::ranges::find(words, text) == words.end()) {
                const std::optional<std::string> meant = nearest(text, words);
                throw usage_error({.file = option,
                                   .problem = "unknown word",
                                   .expected = allowed,
                                   .got = quoted(text),
                                   .hint = meant ? "did you mean " + *meant + "?" : ""});
              }
              value = text;
            });
}

void add_switch(Command command, const std::string& names, bool& value, const std::string& description) {
  command.add_flag(names, description, [&value](bool given) { value = given; });
}

void add_switch_off(Command command, const std::string& names, bool& value, const std::string& description) {
  command.add_flag(names, description, [&value](bool given) { value = !given; });
}

void add_data_option(Command command, std::string& data) {
  add_text(command, "-d,--data", "mnist|fashion|PATH", "mnist, fashion or a data set's folder or file", data,
           data.empty() ? "data set (default the one the weights were trained on)" : "data set");
}

void add_data_argument(Command command, const std::string& name, std::string& data) {
  add_value(command,
            {.names = name,
             .value_name = "mnist|fashion|PATH",
             .allowed = "mnist, fashion or a data set's folder or file",
             .description = "data set"},
            [&data](const std::string& text) { data = text; });
}

void add_data_argument_or_option(Command command, std::string& data) {
  const auto given = std::make_shared<std::string>();
  const auto accept = [&data, given](const std::string& text) {
    if (!given->empty())
      throw usage_error({.file = "DATA",
                         .problem = "given twice, as an argument and as --data",
                         .expected = "one data set",
                         .got = nib::quoted(*given) + " and " + nib::quoted(text)});
    *given = data = text;
  };
  OptionText text{.names = "DATA",
                  .value_name = "mnist|fashion|PATH",
                  .allowed = "mnist, fashion or a data set's folder or file",
                  .description = fmt::format("data set (default {})", data),
                  .optional = true};
  add_value(command, text, accept);
  text.names = "-d,--data";
  text.description = "the same as an option";
  add_value(command, text, accept);
}

void add_prepare_option(Command command, bool& prepare) {
  add_switch(command, "--prepare", prepare, "a folder of pictures: make each one ready as own images are");
}

void add_limit_option(Command command, std::uint64_t& limit) {
  constexpr std::uint64_t most = 10'000'000;
  const std::string allowed = fmt::format("a whole number between 1 and {}", most);
  add_value(command,
            {.names = "--limit",
             .value_name = "N",
             .allowed = allowed,
             .description = "only the first N images of each part, for quick tries (default all)"},
            [&limit, allowed](const std::string& text) {
              const std::optional<std::uint64_t> number = parse_unsigned(text);
              if (!number || *number < 1 || *number > most)
                throw usage_error({.file = "--limit", .problem = "not " + allowed, .got = quoted(text)});
              limit = *number;
            });
}

void add_network_option(Command command, std::string& network) {
  add_text(command, "--network", "digits|FILE", "digits or a network file (JSON)", network,
           network.empty() ? "network (default that of the weights, else digits)" : "network");
}

void add_flatten_option(Command command, std::optional<FlattenOrder>& order) {
  const std::string allowed = "CHW or HWC";
  add_value(command,
            {.names = "--flatten",
             .value_name = "CHW|HWC",
             .allowed = allowed,
             .description = "how the weights count what is flattened, where their file does not say"},
            [&order, allowed](const std::string& text) {
              if (text != "CHW" && text != "HWC")
                throw usage_error({.file = "--flatten", .problem = "not " + allowed, .got = quoted(text)});
              order = text == "CHW" ? FlattenOrder::channels_first : FlattenOrder::channels_last;
            });
}

void add_device_option(Command command, std::string& device) {
  const std::string allowed = "auto, cpu, cuda or cuda:N";
  add_value(command,
            {.names = "--device",
             .value_name = "auto|cpu|cuda|cuda:N",
             .allowed = allowed,
             .description = fmt::format("device to compute on, gpu is cuda (default {})", device),
             .usual = device},
            [&device, allowed](const std::string& text) {
              const std::optional<DeviceName> name = parse_device_name(text);
              if (!name) {
                const std::optional<std::string> meant = meant_device(text);
                throw usage_error({.file = "--device",
                                   .problem = "no such device",
                                   .expected = allowed,
                                   .got = quoted(text),
                                   .hint = meant ? "did you mean " + *meant + "?" : ""});
              }
              device = to_text(*name);
            });
}

void add_precision_option(Command command, std::string& precision) {
  add_choice(command, {"--precision", {"fp32", "tf32"}, "no such precision"}, precision,
             "arithmetic of the layers (tf32: CUDA devices only)");
}

void add_kernels_option(Command command, std::string& kernels) {
  add_choice(
      command, {"--kernels", {"own", "library"}, "no such kernels"}, kernels,
      fmt::format("CUDA devices: nib's own kernels, or cuDNN's and cuBLAS's in their place (default {})", kernels));
}

void add_threads_option(Command command, unsigned& threads) {
  detail::add_whole_number(
      command, "-t,--threads", {1, most_threads, threads, true},
      [&threads](std::uint64_t number) { threads = static_cast<unsigned>(number); }, "threads on the CPU");
}

void add_batch_option(Command command, std::uint32_t& batch) {
  add_whole_number(command, "-b,--batch", batch, 1, largest_batch, "images a training step");
}

void add_seed_option(Command command, std::uint64_t& seed) {
  add_whole_number(command, "-s,--seed", seed, 0, std::numeric_limits<std::uint64_t>::max(), "seed");
}

void add_digits_option(Command command, unsigned& digits) {
  add_whole_number(command, "--digits", digits, 0, 15, "decimals of the classification report");
}

void add_json_option(Command command, bool& json) {
  add_switch(command, "--json", json, "one JSON document on stdout, all other text on stderr");
}

void add_quiet_option(Command command, bool& quiet) {
  add_switch(command, "-q,--quiet", quiet, "results only, no narrative and no progress bar");
}

void add_best_option(Command command, bool& best) {
  add_switch(command, "--best", best, "of a run's folder the weights of the best epoch, best.safetensors");
}

void add_weights_argument(Command command, std::string& weights, bool optional) {
  add_value(command,
            {.names = "WEIGHTS",
             .value_name = "FILE",
             .allowed = "a weights file or the folder of a run",
             .description = "weights, of any format, or the folder of a run",
             .optional = optional},
            [&weights](const std::string& text) { weights = text; });
}

void require_argument(const std::string& name, const std::string& value) {
  if (value.empty()) throw usage_error({.file = name, .problem = "missing", .hint = "see --help for the usage"});
}

}  // namespace nib
