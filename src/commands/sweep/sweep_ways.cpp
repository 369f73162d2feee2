#include "commands/sweep/sweep_ways.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/output.h"
#include "base/signals.h"
#include "base/text.h"
#include "cli/interruption.h"
#include "commands/sweep/job_lists.h"
#include "commands/sweep/left_out.h"
#include "commands/sweep/rank_work.h"
#include "commands/sweep/result.h"
#include "commands/sweep/sweep_work.h"
#include "runs/file_names.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

const char* const output_folder = "output folder";

/// A sweep's folder from any working directory.
fs::path absolute_folder(const std::string& given) {
  std::error_code error;
  fs::path path = fs::weakly_canonical(fs::absolute(given, error), error);
  if (error) throw io_error({.setting = output_folder, .file = given, .problem = system_message(error.value())});
  if (!path.has_filename() && path != path.root_path()) path = path.parent_path();
  return path;
}

std::vector<std::size_t> settings_of(const SweepPlan& plan, const std::vector<std::size_t>& numbers) {
  std::set<std::size_t> settings;
  for (const std::size_t number : numbers) settings.insert(number % plan.settings.size());
  return {settings.begin(), settings.end()};
}

/// What is printed has a line for each command, and sbatch reads backslashes in its own way.
void require_printable(const fs::path& folder, bool for_slurm) {
  const auto has = [&](const char* letters) { return folder.string().find_first_of(letters) != std::string::npos; };
  const char* const problem = has("\r\n")              ? "has a line break in its name, which no job list can hold"
                              : for_slurm && has("\\") ? "has a backslash in its name, which sbatch does not keep"
                                                       : nullptr;
  if (problem != nullptr)
    throw usage_error({.setting = output_folder,
                       .file = printable(folder.string()),
                       .problem = problem,
                       .hint = "choose another folder"});
}

int print_jobs(const SweepOptions& options, const Farming& farming, Streams& streams) {
  const auto& [plan, folder, numbers, rank] = farming;
  if (numbers.empty()) {
    streams.warn("no run is left to be made: there is nothing to print");
    return 0;
  }
  const unsigned threads = options.threads > 0 ? options.threads : 1;
  return print(options.print_slurm ? slurm_script(plan, numbers, folder, threads)
                                   : parallel_list(plan, numbers, folder, threads));
}

SweepPlan read_checked_plan(const fs::path& folder) {
  SweepPlan plan = read_plan(folder);
  check_options(plan, (folder / plan_file).string());
  return plan;
}

void work_where_it_began(const SweepPlan& plan, Streams& streams) {
  std::error_code error;
  fs::current_path(plan.folder, error);
  if (error)
    streams.warn(printable(plan.folder) + ", where the sweep began: " + system_message(error.value()) +
                 "; relative paths are told from here");
}

void check_numbers(const std::vector<std::uint64_t>& numbers, const SweepPlan& plan) {
  for (const std::uint64_t number : numbers)
    if (number >= plan.runs())
      throw usage_error({.file = "--run",
                         .problem = "the sweep has no such run",
                         .expected = fmt::format("0 to {}", plan.runs() - 1),
                         .got = std::to_string(number)});
}

/// Runs of a sweep that goes on.
struct Standing {
  std::vector<SweepRun> runs;  ///< all, see read_runs()
  std::vector<std::size_t> to_make;
};

Standing standing_of(const SweepPlan& plan, const fs::path& folder, const std::vector<std::size_t>& numbers) {
  Standing standing{.runs = read_runs(plan, folder, numbers), .to_make = {}};
  wait_for_ending(plan, folder, standing.runs);
  standing.to_make = numbers_to_make(standing.runs, numbers);
  return standing;
}

/// The same of a plan that was read: throws Error where they would be trained otherwise by now.
Standing checked_standing_of(const SweepPlan& plan, const fs::path& folder, const std::vector<std::size_t>& numbers) {
  Standing standing = standing_of(plan, folder, numbers);
  check_unchanged(plan, settings_of(plan, standing.to_make));
  return standing;
}

/// What a scheduler starts: runs of a sweep without its lock and its tables, as others may be at the rest.
int make_some(const SweepOptions& options, const SweepPlan& plan, const fs::path& folder, Streams& streams) {
  check_numbers(options.run, plan);
  Standing standing = checked_standing_of(plan, folder, {options.run.begin(), options.run.end()});
  if (requested_stop() != 0) return end_after_signal("no run was begun", streams);
  const Farming farming{.plan = plan, .folder = folder, .numbers = standing.to_make};
  make_runs(plan, farming.numbers, folder, farm_size(options, farming), standing.runs, streams);
  wait_for_ending(plan, folder, standing.runs);
  SweepTable some;
  for (const std::uint64_t number : options.run) some.runs.push_back(std::move(standing.runs[number]));
  if (requested_stop() != 0) return end_stopped(farming, some.runs, streams);
  require_finished(plan, some, folder.string());
  if (farming.numbers.empty()) streams.say("nothing was to be made: finished before\n");
  return 0;
}

/// `standing` is of its share of the runs alone: the others' are at work by now.
int go_on_as_rank(const SweepOptions& options, const SweepPlan& plan, const fs::path& folder, const SweepRank& rank,
                  Standing standing, Streams& streams) {
  if (requested_stop() != 0) return end_after_signal("no run was begun", streams);
  return make_as_rank(options, {.plan = plan, .folder = folder, .numbers = standing.to_make, .rank = rank},
                      std::move(standing.runs), streams);
}

void refuse_folder_that_exists(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(folder, ignored))) return;
  std::string hint = "choose another folder";
  if (fs::exists(folder / plan_file, ignored))
    hint = "nib sweep --resume " + shell_word(folder.string()) + " goes on with the sweep in it; or " + hint;
  throw usage_error({.setting = output_folder,
                     .file = folder.string(),
                     .problem = fs::is_directory(folder, ignored) ? "the folder exists" : "exists and is not a folder",
                     .hint = hint});
}

}  // namespace

int begin_sweep(const SweepOptions& options, Streams& streams) {
  const fs::path folder = absolute_folder(options.out);
  const bool prints = options.print_slurm || options.print_parallel;
  const std::optional<SweepRank> rank = prints ? std::nullopt : launched_rank();
  if (!rank) refuse_folder_that_exists(folder);
  if (prints) require_printable(folder, options.print_slurm);
  const SweepPlan plan = make_plan(options.request);
  if (requested_stop() != 0) return end_after_signal("nothing was written", streams);
  if (rank) {
    agree_on_plan(plan, folder);
    return go_on_as_rank(options, plan, folder, *rank, standing_of(plan, folder, rank->own(all_numbers(plan))),
                         streams);
  }
  OutputFolder files(sweep_folder_request(folder, false), streams);
  files.write(plan_file, json_text(to_json(plan)));
  const Farming farming{.plan = plan, .folder = folder, .numbers = all_numbers(plan)};
  if (prints) return print_jobs(options, farming, streams);
  return make_and_conclude(options, farming, read_runs(plan, folder, {}), files, streams);
}

int resume_sweep(const SweepOptions& options, Streams& streams) {
  const fs::path folder = absolute_folder(options.resume);
  const SweepPlan plan = read_checked_plan(folder);
  work_where_it_began(plan, streams);
  if (!options.run.empty()) return make_some(options, plan, folder, streams);
  const bool prints = options.print_slurm || options.print_parallel;
  const std::optional<SweepRank> rank = prints ? std::nullopt : launched_rank();
  if (prints) require_printable(folder, options.print_slurm);
  if (rank)
    return go_on_as_rank(options, plan, folder, *rank, checked_standing_of(plan, folder, rank->own(all_numbers(plan))),
                         streams);
  std::optional<OutputFolder> files;
  if (!prints) files.emplace(sweep_folder_request(folder, true), streams);
  Standing standing = checked_standing_of(plan, folder, all_numbers(plan));
  if (requested_stop() != 0) return end_after_signal("no run was begun", streams);
  const Farming farming{.plan = plan, .folder = folder, .numbers = standing.to_make};
  if (prints) return print_jobs(options, farming, streams);
  return make_and_conclude(options, farming, std::move(standing.runs), *files, streams);
}

int collect_sweep(const SweepOptions& options, Streams& streams) {
  const fs::path path = absolute_folder(options.collect);
  const SweepPlan plan = read_plan(path);
  OutputFolder folder(sweep_folder_request(path, true), streams);
  std::vector<SweepRun> runs = read_runs(plan, path, all_numbers(plan));
  if (requested_stop() != 0) return end_after_signal("nothing was written", streams);
  return conclude(options, plan, sweep_table(plan, std::move(runs)), folder, streams);
}

}  // namespace nib
