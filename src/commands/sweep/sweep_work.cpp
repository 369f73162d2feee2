#include "commands/sweep/sweep_work.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <numeric>
#include <string>
#include <thread>
#include <utility>

#include "base/signals.h"
#include "base/text.h"
#include "cli/interruption.h"
#include "commands/sweep/result.h"
#include "machine/cores.h"
#include "runs/file_names.h"
#include "runs/picture_files.h"
#include "runs/sweep_documents.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

bool is_to_be_made(SweepRunState state) {
  return state == SweepRunState::missing || state == SweepRunState::unfinished || state == SweepRunState::failed;
}

}  // namespace

FolderRequest sweep_folder_request(const fs::path& folder, bool is_there) {
  constexpr std::uint64_t bytes = 8 << 20;
  FolderRequest request{.out = folder.string(), .force = is_there, .results = sweep_results(), .bytes = bytes};
  request.lasting.emplace_back(plan_file);
  return request;
}

/// Side by side runs on a thread each cost nothing to bring together: as many as there are cores.
FarmSize farm_size(const SweepOptions& options, const Farming& farming) {
  unsigned cores = usable_cores();
  // A launcher that binds its ranks has given each its share by then.
  const bool bound = std::cmp_less(cores, std::max(1L, sysconf(_SC_NPROCESSORS_ONLN)));
  if (farming.rank && !bound) cores = std::max<unsigned>(1, cores / static_cast<unsigned>(farming.rank->on_this_host));
  const auto runs = static_cast<unsigned>(std::max<std::size_t>(1, farming.numbers.size()));
  const unsigned usual = may_take_gpu(farming.plan) ? 1 : cores;
  const unsigned jobs = std::min(options.jobs > 0 ? options.jobs : usual, runs);
  return {.jobs = jobs,
          .threads = options.threads > 0 ? options.threads : std::max(1U, cores / jobs),
          .live = !farming.rank && options.run.empty()};
}

std::string introduction(const Farming& farming, FarmSize size) {
  const SweepPlan& plan = farming.plan;
  std::string text = fmt::format("{}: {} with {} each", counted(plan.runs(), "run"),
                                 counted(plan.settings.size(), "setting"), counted(plan.seeds.size(), "seed"));
  if (farming.rank) text += fmt::format("; rank {} of {}", farming.rank->rank, farming.rank->size);
  if (farming.numbers.size() < plan.runs()) text += fmt::format("; {} to be made", with_commas(farming.numbers.size()));
  if (farming.numbers.empty()) return text + '\n';
  return text + fmt::format("; {} at a time, {} each\n", size.jobs, counted(size.threads, "thread"));
}

std::vector<std::size_t> all_numbers(const SweepPlan& plan) {
  std::vector<std::size_t> numbers(plan.runs());
  std::iota(numbers.begin(), numbers.end(), std::size_t{0});
  return numbers;
}

std::vector<SweepRun> read_runs(const SweepPlan& plan, const fs::path& folder,
                                const std::vector<std::size_t>& numbers) {
  std::vector<SweepRun> runs;
  for (const std::size_t number : all_numbers(plan))
    runs.push_back({.number = number, .folder = plan.run_folder(number)});
  for (const std::size_t number : numbers)
    if (requested_stop() == 0) runs[number] = read_sweep_run(plan, number, folder);
  return runs;
}

void wait_for_ending(const SweepPlan& plan, const fs::path& folder, std::span<SweepRun> runs) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::seconds(5);
  for (SweepRun& run : runs)
    while (run.state == SweepRunState::running && Clock::now() < end && requested_stop() == 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      run = read_sweep_run(plan, run.number, folder);
    }
}

std::vector<std::size_t> numbers_to_make(const std::vector<SweepRun>& runs, const std::vector<std::size_t>& numbers) {
  std::vector<std::size_t> open;
  std::ranges::copy_if(numbers, std::back_inserter(open),
                       [&](std::size_t number) { return is_to_be_made(runs[number].state); });
  return open;
}

int end_stopped(const Farming& farming, const std::vector<SweepRun>& runs, Streams& streams) {
  const auto finished = std::ranges::count(runs, SweepRunState::finished, &SweepRun::state);
  return end_after_signal(fmt::format("{} of {} runs are finished\nhint: to go on: nib sweep --resume {}", finished,
                                      runs.size(), shell_word(farming.folder.string())),
                          streams);
}

int conclude(const SweepOptions& options, const SweepPlan& plan, const SweepTable& table, OutputFolder& folder,
             Streams& streams) {
  write_results(plan, table, options.all_tests, folder, streams);
  streams.result('\n' + result_text(plan, table, options.all_tests, streams.terminal()));
  streams.say(fmt::format("\nFiles in {}: {}\n", printable(folder.path().string()), files_in_words(folder.written())));
  streams.document(sweep_json(plan, table, options.all_tests));
  streams.finish();
  require_finished(plan, table, folder.path().string());
  return 0;
}

int make_and_conclude(const SweepOptions& options, const Farming& farming, std::vector<SweepRun> runs,
                      OutputFolder& folder, Streams& streams) {
  const FarmSize size = farm_size(options, farming);
  streams.say(introduction(farming, size));
  make_runs(farming.plan, farming.numbers, farming.folder, size, runs, streams);
  wait_for_ending(farming.plan, farming.folder, runs);
  if (requested_stop() != 0) return end_stopped(farming, runs, streams);
  return conclude(options, farming.plan, sweep_table(farming.plan, std::move(runs)), folder, streams);
}

}  // namespace nib
