#include "commands/sweep/rank_work.h"

#include <chrono>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/new_file.h"
#include "base/signals.h"
#include "base/text.h"
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

int make_as_rank(const SweepOptions& options, const Farming& farming, std::vector<SweepRun> runs, Streams& streams) {
  const auto& [plan, path, numbers, rank] = farming;
  const FarmSize size = farm_size(options, farming);
  streams.say(introduction(farming, size));
  make_runs(plan, numbers, path, size, runs, streams);
  wait_for_ending(plan, path, runs);
  const auto is_of_others = [&](const SweepRun& run) { return !rank->owns(run.number); };
  for (SweepRun& run : runs) {
    if (requested_stop() == 0 && is_of_others(run)) run = read_sweep_run(plan, run.number, path);
    if (requested_stop() != 0) {
      std::erase_if(runs, is_of_others);
      return end_stopped(farming, runs, streams);
    }
    if (is_open(run.state)) {
      streams.say("others are not finished yet: the rank that ends last makes the tables, or nib sweep --collect " +
                  shell_word(path.string()) + '\n');
      return 0;
    }
  }
  if (numbers.empty() && rank->rank != 0) return 0;  // they are made by one that has made a run, or by rank 0
  const std::unique_ptr<OutputFolder> folder = take_folder(path, streams);
  return conclude(options, plan, sweep_table(plan, std::move(runs)), *folder, streams);
}

}  // namespace nib
