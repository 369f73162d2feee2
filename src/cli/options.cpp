#include "cli/options.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "inference/device_choice.h"
#include "machine/cores.h"

namespace nib {
namespace detail {

std::uint64_t whole_number(const std::string& option, const std::string& text, std::uint64_t lowest,
                           std::uint64_t highest) {
  const std::optional<std::uint64_t> number = parse_unsigned(text);
  if (!number || *number < lowest || *number > highest)
    throw usage_error(
        {.file = option, .problem = "not a whole number " + range_text(lowest, highest), .got = quoted(text)});
  return *number;
}

std::string range_text(std::uint64_t lowest, std::uint64_t highest) {
  return fmt::format("between {} and {}", lowest, highest);
}

std::string first_long_name(const std::string& names) {
  const std::size_t dashes = names.find("--");
  return dashes == std::string::npos ? names : names.substr(dashes, names.find(',', dashes) - dashes);
}

std::string with_range(const std::string& description, const std::string& range, const std::string& value) {
  return fmt::format("{} ({}; default {})", description, range, value);
}

}  // namespace detail

namespace {

bool is_device_name(const std::string& text) {
  if (text == "auto" || text == "cpu" || text == "cuda") return true;
  return text.starts_with("cuda:") && parse_unsigned(text.substr(5)).value_or(1024) < 1024;
}

/// A flag that sets `value` to `setting`.
CLI::Option* add_setting(CLI::App& command, const std::string& names, bool& value, bool setting,
                         const std::string& description) {
  return command
      .add_flag_callback(
          names, [&value, setting] { value = setting; }, description)
      ->disable_flag_override();
}

}  // namespace

std::string quoted(const std::string& text) { return '"' + printable(text, 200) + '"'; }

CLI::Option* add_value(CLI::App& command, const std::string& names, const std::string& value_name,
                       const std::string& allowed, std::function<void(const std::string& text)> accept,
                       const std::string& description) {
  const std::string option = detail::first_long_name(names);
  const auto receive = [option, allowed, accept = std::move(accept)](const CLI::results_t& given) {
    if (given.size() > 1)
      throw usage_error(
          {.file = option, .problem = "given more than once", .got = quoted(given[0]) + " and " + quoted(given[1])});
    if (given.empty() || given.front().empty())
      throw usage_error({.file = option, .problem = "empty value", .expected = allowed});
    accept(given.front());
    return true;
  };
  // All values are taken, so that the one who repeats an option hears that and not a count.
  return command.add_option(names, CLI::callback_t(receive), description)
      ->type_name(allowed)
      ->option_text(value_name)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

CLI::Option* add_number(CLI::App& command, const std::string& names, double& value, NumberRange range,
                        const std::string& description) {
  const std::string option = detail::first_long_name(names);
  const std::string limits = range.below_highest ? fmt::format("from {} to below {}", range.lowest, range.highest)
                                                 : fmt::format("between {} and {}", range.lowest, range.highest);
  return add_value(
      command, names, "X", "a number " + limits,
      [&value, option, limits, range](const std::string& text) {
        const std::optional<double> number = parse_number(text);
        if (!number || *number < range.lowest || *number > range.highest ||
            (range.below_highest && *number == range.highest))
          throw usage_error({.file = option, .problem = "not a number " + limits, .got = quoted(text)});
        value = *number;
      },
      detail::with_range(description, limits, fmt::format("{}", value)));
}

CLI::Option* add_text(CLI::App& command, const std::string& names, const std::string& value_name,
                      const std::string& allowed, std::string& value, const std::string& description) {
  const std::string option = detail::first_long_name(names);
  return add_value(
      command, names, value_name, allowed,
      [&value, option, allowed](const std::string& text) {
        if (text.front() == '-')
          throw usage_error({.file = option,
                             .problem = "needs a value",
                             .expected = allowed,
                             .got = quoted(text),
                             .hint = "a name that begins with a dash can be given as ./" + printable(text, 200)});
        value = text;
      },
      value.empty() ? description : fmt::format("{} (default {})", description, value));
}

CLI::Option* add_switch(CLI::App& command, const std::string& names, bool& value, const std::string& description) {
  return add_setting(command, names, value, true, description);
}

CLI::Option* add_switch_off(CLI::App& command, const std::string& names, bool& value, const std::string& description) {
  return add_setting(command, names, value, false, description);
}

void add_data_option(CLI::App& command, std::string& data) {
  add_text(command, "-d,--data", "mnist|fashion|DIR", "mnist, fashion or a folder with four IDX files", data,
           data.empty() ? "data set (default the one the weights were trained on)" : "data set");
}

void add_network_option(CLI::App& command, std::string& network) {
  add_text(command, "--network", "digits|FILE", "digits or a network file (JSON)", network,
           network.empty() ? "network (default that of the weights, else digits)" : "network");
}

void add_device_option(CLI::App& command, std::string& device) {
  const std::string allowed = "auto, cpu, cuda or cuda:N";
  add_value(
      command, "--device", "auto|cpu|cuda|cuda:N", allowed,
      [&device, allowed](const std::string& text) {
        if (!is_device_name(text)) {
          const std::array<std::string, 3> names{"auto", "cpu", "cuda"};
          const std::optional<std::string> meant = nearest(text, names);
          throw usage_error({.file = "--device",
                             .problem = "no such device",
                             .expected = allowed,
                             .got = quoted(text),
                             .hint = meant ? "did you mean " + *meant + "?" : ""});
        }
        device = text;
      },
      fmt::format("device to compute on (default {})", device));
}

void add_threads_option(CLI::App& command, unsigned& threads) {
  threads = usable_cores();
  add_whole_number(command, "-t,--threads", threads, 1, 1024, "threads on the CPU");
}

void add_precision_option(CLI::App& command, std::string& precision) {
  add_value(
      command, "--precision", "fp32|tf32", "fp32 or tf32",
      [&precision](const std::string& text) {
        if (text != "fp32" && text != "tf32")
          throw usage_error(
              {.file = "--precision", .problem = "no such precision", .expected = "fp32 or tf32", .got = quoted(text)});
        precision = text;
      },
      "arithmetic of the layers (tf32: CUDA devices only)");
}

void add_training_device_options(CLI::App& command, DeviceChoice& choice) {
  add_precision_option(command, choice.precision);
  add_switch(command, "--stream", choice.stream, "CUDA devices: stream the images from the host");
  add_switch(command, "--fast", choice.fast, "CUDA devices: also algorithms whose results may differ from run to run");
}

void add_batch_option(CLI::App& command, std::uint32_t& batch) {
  add_whole_number(command, "-b,--batch", batch, 1, 1'000'000, "images a training step");
}

void add_seed_option(CLI::App& command, std::uint64_t& seed) {
  add_whole_number(command, "-s,--seed", seed, 0, std::numeric_limits<std::uint64_t>::max(), "seed");
}

void add_digits_option(CLI::App& command, unsigned& digits) {
  add_whole_number(command, "--digits", digits, 0, 15, "decimals of the classification report");
}

void add_json_option(CLI::App& command, bool& json) {
  add_switch(command, "--json", json, "one JSON document on stdout, all other text on stderr");
}

void add_quiet_option(CLI::App& command, bool& quiet) {
  add_switch(command, "-q,--quiet", quiet, "results only, no narrative and no progress bar");
}

void add_weights_argument(CLI::App& command, std::string& weights) {
  add_value(
      command, "WEIGHTS", "FILE", "a weights file (safetensors)",
      [&weights](const std::string& text) { weights = text; }, "weights (safetensors)");
}

void require_argument(const std::string& name, const std::string& value) {
  if (value.empty()) throw usage_error({.file = name, .problem = "missing", .hint = "see --help for the usage"});
}

}  // namespace nib
