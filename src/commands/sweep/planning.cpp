#include "commands/sweep/planning.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
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

/// A run up to where its engine would start.
class Preparation : private PreparedTraining {
 public:
  Preparation(const TrainOptions& options, Streams& streams)
      : PreparedTraining(options, open_model(options.model, options.plan.seed, streams), streams) {
    load_data();
  }

  Json configuration() const { return configuration_json(options_, model_.network); }
  std::vector<std::string> data() const {
    std::vector<std::string> hashes;
    for (const FileRecord& file : data_record(source_).files) hashes.push_back(file.raw_sha256);
    return hashes;
  }
};

[[noreturn]] void fail_in(const Error& error, const SweepPlan& plan, std::size_t setting) {
  Problem problem = error.problem();
  if (plan.settings.size() > 1) {
    problem.hint += problem.hint.empty() ? "" : "; ";
    problem.hint += "it is the setting " + printable(plan.settings[setting].in_words(), 300);
  }
  throw Error(error.code(), std::move(problem));
}

/// The setting as its runs would record it now.
SweepSetting prepared(const SweepPlan& plan, std::size_t setting, Streams& streams) {
  SweepSetting result = plan.settings[setting];
  try {
    const TrainOptions options = checked_options(plan.words(setting));
    const Preparation preparation(options, streams);
    result.configuration = preparation.configuration();
    result.data = preparation.data();
  } catch (const Error& error) {
    fail_in(error, plan, setting);
  }
  return result;
}

void require_different(const std::vector<SweepSetting>& settings) {
  std::vector<std::pair<std::string, std::size_t>> texts;
  for (std::size_t i = 0; i < settings.size(); ++i)
    texts.emplace_back(json_line(settings[i].configuration) + json_line(settings[i].data), i);
  std::ranges::sort(texts);
  const auto twice =
      std::ranges::adjacent_find(texts, [](const auto& one, const auto& other) { return one.first == other.first; });
  if (twice == texts.end()) return;
  throw usage_error({.problem = printable(settings[twice->second].in_words(), 300) + " and " +
                                printable(settings[std::next(twice)->second].in_words(), 300) + " are the same setting",
                     .hint = "leave one of them out"});
}

}  // namespace

SweepPlan make_plan(const SweepRequest& request) {
  SweepPlan plan{.folder = std::filesystem::current_path().string(), .pictures = request.pictures};
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
  for (std::size_t i = 0; i < plan.settings.size(); ++i) try {
      checked_options(plan.words(i));
    } catch (const Error& error) {
      fail_in(error, plan, i);
    }
  WarnsOnce streams;
  for (std::size_t i = 0; i < plan.settings.size() && requested_stop() == 0; ++i)
    plan.settings[i] = prepared(plan, i, streams);
  if (requested_stop() == 0) require_different(plan.settings);
  return plan;
}

void check_unchanged(const SweepPlan& plan, const std::vector<std::size_t>& settings) {
  WarnsOnce streams;
  for (const std::size_t i : settings) {
    if (requested_stop() != 0) return;
    const SweepSetting& before = plan.settings[i];
    const SweepSetting now = prepared(plan, i, streams);
    const auto everything = [](std::string_view field) { return field != "threads"; };
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
