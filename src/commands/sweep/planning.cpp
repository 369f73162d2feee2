#include "commands/sweep/planning.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/signals.h"
#include "base/text.h"
#include "commands/train/checked_options.h"
#include "commands/train/prepared_training.h"
#include "commands/train/resumption.h"
#include "inference/device.h"
#include "inference/model.h"
#include "runs/record_differences.h"

namespace nib {
namespace {

/// For what hundreds of settings have to say before they are trained: warnings once, nothing else.
class WarnsOnce : public Streams {
 public:
  WarnsOnce() : Streams(false, true) {}
  void warn(std::string_view line) override {
    if (told_.emplace(line).second) Streams::warn(line);
  }

 private:
  std::set<std::string> told_;
};

/// Initial weights say nothing of a setting.
WeightsFile start_of(const TrainOptions& options, Streams& streams) {
  if (!options.model.weights.empty()) return open_model(options.model, options.plan.seed, streams);
  WeightsFile start;
  start.network = open_network(options.model);
  return start;
}

/// A run up to where its engine would start; images that are known by now are not read again.
class Preparation : private PreparedTraining {
 public:
  using Known = std::map<std::string, ImageFacts>;

  Preparation(const TrainOptions& options, Streams& streams, Known& known)
      : PreparedTraining(options, start_of(options, streams), streams) {
    const std::string choice = choice_of_images();
    if (const auto found = known.find(choice); found != known.end()) {
      facts_ = found->second;
      settle(facts_);
    } else {
      load_data();
      facts_ = image_facts();
      known.emplace(choice, facts_);
    }
  }

  SweepSetting setting(SettingValues values) const {
    return {.values = std::move(values),
            .configuration = configuration_json(options_, model_.network),
            .data = facts_.files};
  }

 private:
  ImageFacts facts_;
};

/// What goes wrong names the setting.
void in_setting(const SweepPlan& plan, std::size_t setting, const std::function<void()>& work) try {
  work();
} catch (const Error& error) {
  Problem problem = error.problem();
  if (plan.settings.size() > 1) {
    problem.hint += problem.hint.empty() ? "" : "; ";
    problem.hint += "it is the setting " + printable(plan.settings[setting].in_words(), 300);
  }
  throw Error(error.code(), std::move(problem));
}

/// Settings of a plan as their runs would record them now.
class Preparations {
 public:
  explicit Preparations(const SweepPlan& plan) : plan_(plan) {}

  SweepSetting setting(std::size_t number) {
    SweepSetting result;
    in_setting(plan_, number, [&] {
      result =
          Preparation(checked_options(plan_.words(number)), streams_, known_).setting(plan_.settings[number].values);
    });
    return result;
  }

 private:
  const SweepPlan& plan_;
  WarnsOnce streams_;
  Preparation::Known known_;
};

/// What is trained with a setting, wherever its files lie and however it was called: of what they hold there are
/// hashes.
std::string what_is_trained(const SweepSetting& setting) {
  Json configuration = setting.configuration;
  for (const char* const key : {"data", "validation_data", "network_file", "start_weights", "flatten", "recipe"})
    configuration.erase(key);
  return json_line(configuration) + json_line(setting.data);
}

void require_different(const std::vector<SweepSetting>& settings) {
  std::vector<std::pair<std::string, std::size_t>> texts;
  for (std::size_t i = 0; i < settings.size(); ++i) texts.emplace_back(what_is_trained(settings[i]), i);
  std::ranges::sort(texts);
  const auto twice =
      std::ranges::adjacent_find(texts, [](const auto& one, const auto& other) { return one.first == other.first; });
  if (twice == texts.end()) return;
  throw usage_error({.problem = printable(settings[twice->second].in_words(), 300) + " and " +
                                printable(settings[std::next(twice)->second].in_words(), 300) + " are the same setting",
                     .hint = "leave one of them out"});
}

std::string working_directory() {
  std::error_code error;
  const std::filesystem::path path = std::filesystem::current_path(error);
  if (error)
    throw io_error({.file = "working directory",
                    .problem = system_message(error.value()),
                    .hint = "it was removed or cannot be reached: begin the sweep in another one"});
  return path.string();
}

}  // namespace

SweepPlan make_plan(const SweepRequest& request) {
  SweepPlan plan{.folder = working_directory(), .pictures = request.pictures};
  std::vector<ListedSetting> varied;
  for (const ListedSetting& list : request.lists)
    if (list.values.size() > 1)
      varied.push_back(list);
    else
      plan.common.emplace_back(list.option, list.values.front());
  const std::size_t settings = number_of_combinations(varied);
  if (settings > most_settings || settings * request.seeds.size() > most_sweep_runs)
    throw usage_error({.problem = "too many runs",
                       .expected = fmt::format("at most {} settings and {} runs", with_commas(most_settings),
                                               with_commas(most_sweep_runs)),
                       .got = settings > most_settings ? "more than " + with_commas(most_settings) + " settings"
                                                       : with_commas(settings * request.seeds.size()) + " runs"});
  plan.seeds = request.seeds;
  for (SettingValues& values : combinations(varied)) plan.settings.push_back({.values = std::move(values)});
  // What options say of each other costs nothing, and is told before any file is read.
  for (std::size_t i = 0; i < plan.settings.size(); ++i) in_setting(plan, i, [&] { checked_options(plan.words(i)); });
  Preparations now(plan);
  for (std::size_t i = 0; i < plan.settings.size() && requested_stop() == 0; ++i) plan.settings[i] = now.setting(i);
  if (requested_stop() == 0) require_different(plan.settings);
  return plan;
}

void check_unchanged(const SweepPlan& plan, const std::vector<std::size_t>& settings) {
  Preparations preparations(plan);
  for (const std::size_t i : settings) {
    if (requested_stop() != 0) return;
    const SweepSetting& before = plan.settings[i];
    const SweepSetting now = preparations.setting(i);
    const auto everything = [](std::string_view field) { return field != "threads" && field != "seed"; };
    std::vector<Difference> changed = differences(before.configuration, now.configuration, true, everything);
    if (changed.empty())
      changed = differences({{"SHA-256 of the data's files", before.data}}, {{"SHA-256 of the data's files", now.data}},
                            true, everything);
    if (changed.empty()) continue;
    throw input_error({.file = before.in_words(),
                       .field = changed.front().field,
                       .problem = "changed since the sweep began",
                       .expected = changed.front().expected,
                       .got = changed.front().got,
                       .hint = "a sweep goes on with what it began with; begin another one in another folder"});
  }
}

bool may_take_gpu(const SweepPlan& plan) {
  return std::ranges::any_of(plan.settings, [](const SweepSetting& setting) {
    const Json& device = setting.configuration["device"];
    return !never_takes_gpu({.device = device.is_text() ? device.text() : "auto"});
  });
}

}  // namespace nib
