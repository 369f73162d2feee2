#include "runs/comparison.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "encodings/json.h"
#include "runs/file_names.h"
#include "statistics/calibration.h"
#include "statistics/holm.h"
#include "statistics/quantile.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view only_same_set = "only runs that were tested on the same set can be compared";

fs::path full_path(const fs::path& folder) { return fs::absolute(folder).lexically_normal(); }

std::string last_name(const fs::path& folder) {
  const fs::path path = full_path(folder);
  return (path.has_filename() ? path : path.parent_path()).filename().string();
}

std::vector<std::string> names_of(const std::vector<RunFiles>& runs) {
  std::vector<std::string> names;
  for (const RunFiles& run : runs) names.push_back(last_name(run.folder));
  std::vector<std::string> sorted = names;
  std::ranges::sort(sorted);
  if (std::ranges::adjacent_find(sorted) == sorted.end()) return names;
  std::ranges::transform(runs, names.begin(), [](const RunFiles& run) { return run.folder.string(); });
  return names;
}

/// The hash of the test images or the test labels: the last two of the files.
std::string test_hash(const RunFiles& run, std::size_t from_the_end) {
  const std::vector<FileRecord>& files = run.record.data.files;
  return files[files.size() - from_the_end].raw_sha256;
}

Error different_sets(const RunFiles& first, const RunFiles& second, const std::string& field,
                     const std::string& problem) {
  return input_error({.file = second.folder.string(),
                      .field = field,
                      .problem = problem + " than " + printable(first.folder.string()),
                      .hint = std::string(only_same_set)});
}

void check_tested(const RunFiles& run) {
  if (run.record.test) return;
  throw input_error({.file = run.folder.string(),
                     .problem = "the run has no test result: its data have no test part",
                     .hint = std::string(only_same_set)});
}

void check_same_test_set(const RunFiles& first, const RunFiles& second) {
  const std::pair<const char*, std::size_t> parts[] = {{"test images", 2}, {"test labels", 1}};
  for (const auto& [part, from_the_end] : parts) {
    const std::string expected = test_hash(first, from_the_end), got = test_hash(second, from_the_end);
    if (expected == got) continue;
    Problem problem = different_sets(first, second, part, "another SHA-256").problem();
    constexpr std::size_t longest = 80;  // a hash has 64; a record may hold anything
    problem.expected = printable(expected, longest);
    problem.got = printable(got, longest);
    throw input_error(problem);
  }
  if (first.predictions.size() != second.predictions.size()) {
    Problem problem = different_sets(first, second, predictions_file, "another number of test images").problem();
    problem.expected = with_commas(first.predictions.size());
    problem.got = with_commas(second.predictions.size());
    throw input_error(problem);
  }
  if (first.predictions.labels != second.predictions.labels)
    throw different_sets(first, second, predictions_file, "other true classes");
}

ComparedRun compared_run(RunFiles files, std::string name) {
  const TestResult& test = *files.record.test;
  std::vector<double> seconds;
  for (const EpochResult& epoch : files.record.history) seconds.push_back(epoch.seconds);
  const Interval accuracy = wilson_interval(test.correct, test.images);
  const double error = calibration(files.predictions).expected_error;
  return {.files = std::move(files),
          .name = std::move(name),
          .accuracy = accuracy,
          .calibration = error,
          .epoch_seconds = quantile(std::move(seconds), 0.5)};
}

std::vector<ComparedPair> every_pair(const std::vector<ComparedRun>& runs) {
  std::vector<ComparedPair> pairs;
  std::vector<double> p_values;
  for (std::size_t first = 0; first < runs.size(); ++first)
    for (std::size_t second = first + 1; second < runs.size(); ++second) {
      const McNemar test = mcnemar(runs[first].files.predictions, runs[second].files.predictions);
      pairs.push_back({.first = first, .second = second, .test = test});
      p_values.push_back(test.p_value);
    }
  const std::vector<double> adjusted = holm_adjusted(p_values);
  for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i].adjusted_p_value = adjusted[i];
  return pairs;
}

/// Keys whose values are not the same in all runs, in the order in which the runs have them.
std::vector<std::string> differing_settings(const std::vector<ComparedRun>& runs) {
  std::vector<std::string> differing;
  for (const ComparedRun& run : runs)
    for (const Json::Member& setting : run.files.record.configuration.members()) {
      const auto differs = [&](const ComparedRun& other) {
        return other.files.record.configuration[setting.key] != runs.front().files.record.configuration[setting.key];
      };
      if (std::ranges::any_of(runs, differs) && std::ranges::find(differing, setting.key) == differing.end())
        differing.push_back(setting.key);
    }
  return differing;
}

}  // namespace

Comparison compare_runs(std::vector<RunFiles> runs) {
  for (const RunFiles& run : runs) check_tested(run);
  for (std::size_t i = 1; i < runs.size(); ++i) check_same_test_set(runs.front(), runs[i]);
  const std::vector<std::string> names = names_of(runs);
  Comparison comparison;
  for (std::size_t i = 0; i < runs.size(); ++i) comparison.runs.push_back(compared_run(std::move(runs[i]), names[i]));
  comparison.pairs = every_pair(comparison.runs);
  std::vector<const RunRecord*> records;
  for (const ComparedRun& run : comparison.runs) records.push_back(&run.files.record);
  comparison.settings = compare_settings(records);
  comparison.differing_settings = differing_settings(comparison.runs);
  return comparison;
}

}  // namespace nib
