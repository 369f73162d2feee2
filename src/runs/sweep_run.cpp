#include "runs/sweep_run.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "formats/checkpoint_names.h"
#include "runs/file_names.h"
#include "runs/record_differences.h"
#include "runs/run_files.h"
#include "runs/run_list.h"
#include "runs/run_monitor.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

/// What weights do not depend on, and the seed, which the plan has apart.
constexpr std::array<std::string_view, 4> apart = {"seed", "threads", "stream", "pictures"};

void check_settings(const SweepPlan& plan, std::size_t number, const RunRecord& record, const std::string& path) {
  const auto refuse = [&](const std::string& field, const std::string& what, std::string expected, std::string got) {
    throw input_error({.file = path,
                       .field = field,
                       .problem = what + " than the sweep's plan has",
                       .expected = std::move(expected),
                       .got = std::move(got)});
  };
  if (const Json seed = plan.seed(number); record.configuration["seed"] != seed)
    refuse("configuration.seed", "made with another seed", describe_json(seed),
           describe_json(record.configuration["seed"]));
  const auto different =
      differences(plan.setting(number).configuration, record.configuration, true,
                  [](std::string_view field) { return std::ranges::find(apart, field) == apart.end(); });
  if (!different.empty())
    refuse("configuration." + different.front().field, "made with another setting", different.front().expected,
           different.front().got);
  const std::vector<std::string>& files = plan.setting(number).data;
  for (std::size_t i = 0; i < std::max(files.size(), record.data.files.size()); ++i) {
    const std::string expected = i < files.size() ? files[i] : "nothing",
                      got = i < record.data.files.size() ? record.data.files[i].raw_sha256 : "nothing";
    if (expected != got)
      refuse("data.files[" + std::to_string(i) + "].raw_sha256", "made with other data", expected, got);
  }
}

void take_figures(SweepRun& run, const RunRecord& record) {
  run.weights_epoch = epoch_of_weights(record);
  for (const EpochResult& epoch : record.history)
    if (epoch.epoch == run.weights_epoch) {
      run.val_accuracy = epoch.validation_accuracy;
      run.val_loss = epoch.validation_loss;
    }
  if (record.test) {
    run.test_accuracy = record.test->accuracy;
    run.test_loss = record.test->loss;
  }
  run.training_seconds = record.seconds.training;
  run.peak_memory = record.peak_memory_bytes;
  run.weights_sha256 = record.weights_sha256;
  run.engine = record.engine;
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

void read_finished(SweepRun& run, const fs::path& folder) {
  const RunFiles files = read_run(folder);
  const auto require = [&](const std::string& name) {
    if (!is_there(folder / name))
      throw io_error({.file = (folder / name).string(), .problem = "a file of the run is not there"});
  };
  for (const auto& [name, hash] : files.record.file_sha256) require(name);
  require(model_file);
  read_run_weights(files);
  take_figures(run, files.record);
  run.state = SweepRunState::finished;
}

void read_unfinished(SweepRun& run, const RunRecord& record, const fs::path& folder) {
  run.state = SweepRunState::unfinished;
  run.reason = record.status == RunStatus::failed ? record.reason : error_in_log(folder);
  if (record.nonfinite_step)
    run.state = SweepRunState::diverged;
  else if (!run.reason.empty() || record.status == RunStatus::failed)
    run.state = SweepRunState::failed;
}

/// A run that has not begun, or was ended by an error before it had a record.
void read_unrecorded(SweepRun& run, const fs::path& folder) {
  std::vector<std::string> results = checkpoint_files(folder);
  if (std::error_code ignored; fs::is_regular_file(folder / model_file, ignored)) results.emplace_back(model_file);
  if (!results.empty())
    throw input_error({.file = (folder / record_file).string(), .problem = "not there, beside " + results.front()});
  run.reason = error_in_log(folder);
  if (!run.reason.empty()) run.state = SweepRunState::failed;
}

}  // namespace

const char* word(SweepRunState state) {
  constexpr std::array<const char*, 7> words = {"missing",  "running", "unfinished", "failed",
                                                "diverged", "refused", "finished"};
  return words.at(static_cast<std::size_t>(state));
}

SweepRun read_sweep_run(const SweepPlan& plan, std::size_t number, const fs::path& sweep) {
  SweepRun run{.number = number, .folder = plan.run_folder(number)};
  const fs::path folder = sweep / run.folder;
  try {
    std::error_code ignored;
    if (is_alive(folder)) {
      run.state = SweepRunState::running;
    } else if (is_there(folder) && !fs::is_directory(folder, ignored)) {
      throw input_error({.file = folder.string(), .problem = "is no folder, but has the name of the run's"});
    } else if (!is_there(folder / record_file)) {
      read_unrecorded(run, folder);
    } else {
      const RunRecord record = read_record(folder);
      if (record.status == RunStatus::finished)
        read_finished(run, folder);
      else
        read_unfinished(run, record, folder);
      check_settings(plan, number, record, (folder / record_file).string());
    }
  } catch (const Error& error) {
    run = {.number = number, .folder = run.folder, .state = SweepRunState::refused, .reason = error.what()};
  }
  return run;
}

std::string error_in_log(const fs::path& run) {
  constexpr std::size_t enough = 64 << 10;
  constexpr std::string_view mark = "nib: error: ", hint = "\nhint: ";
  const std::vector<std::uint8_t> bytes = end_of(run / sweep_run_log, enough);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::size_t begin = text.rfind(mark);
  if (begin == std::string_view::npos || (begin > 0 && text[begin - 1] != '\n')) return {};
  const std::string_view line = text.substr(begin + mark.size());
  std::string_view rest = line.substr(std::min(line.find('\n'), line.size()));
  if (rest.starts_with(hint)) rest = rest.substr(std::min(rest.find('\n', hint.size()), rest.size()));
  return rest.size() > 1 ? "" : printable(line.substr(0, line.find('\n')));  // what ran on was not ended by it
}

}  // namespace nib
