#include "commands/sweep/rank_work.h"

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/new_file.h"
#include "base/signals.h"
#include "cli/interruption.h"
#include "commands/sweep/farm.h"
#include "commands/sweep/result.h"
#include "commands/sweep/sweep_work.h"
#include "runs/file_names.h"
#include "runs/run_list.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

const char* const output_folder = "output folder";

/// The folder's lock, which another rank may have for a moment.
std::unique_ptr<OutputFolder> take_folder(const fs::path& path, Streams& streams) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::minutes(1);
  while (true) try {
      return std::make_unique<OutputFolder>(sweep_folder_request(path, true), streams);
    } catch (const Error& error) {
      if (error.code() != ExitCode::usage || !is_alive(path) || Clock::now() > end) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

/// Without what differs from host to host.
Json comparable(SweepPlan plan) {
  plan.folder.clear();
  for (SweepSetting& setting : plan.settings) setting.configuration.erase("threads");
  return to_json(plan);
}

}  // namespace

void agree_on_plan(const SweepPlan& plan, const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw io_error({.setting = output_folder,
                    .file = folder.string(),
                    .problem = "cannot make the folder: " + system_message(error.value())});
  const std::string text = json_text(to_json(plan));
  if (write_new_file(folder / plan_file, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()})) return;
  if (comparable(read_plan(folder)) != comparable(plan))
    throw usage_error({.setting = output_folder,
                       .file = folder.string(),
                       .problem = "holds another sweep",
                       .hint = "choose another folder"});
}

int make_as_rank(const SweepOptions& options, const SweepPlan& plan, const fs::path& path, const SweepRank& rank,
                 Streams& streams) {
  Farming farming{.plan = plan, .folder = path, .rank = rank};
  std::vector<SweepRun> runs = read_runs(farming.plan, farming.folder);
  for (SweepRun& run : runs)  // the others' are at work by now
    if (run.number % rank.size == rank.rank) wait_for_ending(plan, path, std::span(&run, 1));
  if (requested_stop() != 0) return end_after_signal("no run was begun", streams);
  farming.numbers = farming.rank->own(numbers_to_make(runs));
  const FarmSize size = farm_size(options, farming);
  streams.say(introduction(farming, size));
  make_runs(farming.plan, farming.numbers, farming.folder, size, runs, streams);
  if (requested_stop() != 0) return end_stopped(farming, runs, streams);
  const std::unique_ptr<OutputFolder> folder = take_folder(farming.folder, streams);
  runs = read_runs(farming.plan, farming.folder);
  if (requested_stop() != 0) return end_stopped(farming, runs, streams);
  const SweepTable table = sweep_table(farming.plan, std::move(runs));
  const bool is_last = table.count(SweepRunState::finished) + table.failed() == table.runs.size();
  if (is_last && (!farming.numbers.empty() || farming.rank->rank == 0))
    return conclude(options, farming.plan, table, *folder, streams);
  write_results(farming.plan, table, options.all_tests, *folder, streams);
  return 0;
}

}  // namespace nib
