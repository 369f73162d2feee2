#include "commands/sweep/left_out.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/error.h"
#include "base/text.h"
#include "cli/settings_file.h"

namespace nib {
namespace {

constexpr std::array<std::pair<const char*, const char*>, 10> refused = {{
    {"--force", "a sweep replaces nothing: choose another --out, or go on with --resume"},
    {"--seed", "it is --seeds"},
    {"--ranks", "each run works alone; mpirun and srun share the runs out"},
    {"--no-pictures", "the runs of a sweep draw none; --pictures lets them"},
    {"--log-json", "a run's log is train.log in its folder"},
    {"--log-every", "a run's log is train.log in its folder"},
    {"--tensorboard", "a run's log is train.log in its folder"},
    {"--no-logs", "a run's log is train.log in its folder"},
    {"--require-accuracy", "nib evaluate --require-accuracy tests the run that was chosen"},
    {"--print-config", "nib train --print-config prints the settings of one run"},
}};

}  // namespace

std::span<const std::pair<const char*, const char*>> refused_options() { return refused; }

std::vector<std::string> options_left_out() {
  std::vector<std::string> names{"out", "resume", "threads", "quiet", "json"};
  for (const auto& [name, hint] : refused) names.emplace_back(std::string_view(name).substr(2));
  return names;
}

void check_settings_file(const std::string& file) {
  const std::vector<std::string> left_out = options_left_out();
  for (const FileSetting& setting : read_settings_file(file, "train")) {
    if (std::ranges::find(left_out, setting.name) == left_out.end()) continue;
    const auto* const known =
        std::ranges::find(refused, "--" + setting.name, [](const auto& each) { return std::string(each.first); });
    throw input_error({.file = file,
                       .field = "line " + std::to_string(setting.line) + ": " + printable(setting.name, 80),
                       .problem = "is no setting of a sweep's runs",
                       .hint = known != refused.end() ? known->second : "it is an option of nib sweep itself"});
  }
}

void check_options(const SweepPlan& plan, const std::string& source) {
  const std::vector<std::string> left_out = options_left_out();
  for (const SettingValues* const values : {&plan.common, &plan.settings.front().values})
    for (const auto& [option, value] : *values)
      if (std::ranges::find(left_out, option) != left_out.end())
        throw input_error(
            {.file = source, .field = printable(option, 80), .problem = "is no option of a sweep's runs"});
}

}  // namespace nib
