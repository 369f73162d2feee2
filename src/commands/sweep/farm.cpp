#include "commands/sweep/farm.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>
#include <list>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "base/signals.h"
#include "commands/sweep/progress.h"
#include "commands/sweep/training_process.h"
#include "machine/memory.h"
#include "runs/file_names.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/// A run's files, and some room for what else there is; train asks for its own network's.
constexpr std::uint64_t room_of_run = 32 << 20;

struct Job {
  std::size_t number;
  TrainingProcess process;
  Clock::time_point begin;
};

constexpr int first_signal = 128;  ///< an exit code from here on is that of a signal

std::string ending_in_words(int code) {
  if (code >= first_signal) return fmt::format("ended by signal {}", code - first_signal);
  return fmt::format("ended with exit code {}", code);
}

class Farm {
 public:
  Farm(const SweepPlan& plan, const std::vector<std::size_t>& numbers, fs::path sweep, FarmSize size,
       std::vector<SweepRun>& runs, Streams& streams)
      : plan_(plan),
        numbers_(numbers),
        sweep_(std::move(sweep)),
        size_(size),
        runs_(runs),
        streams_(streams),
        progress_({.plan = plan, .runs = runs, .folder = sweep_}, numbers.size(),
                  std::min<std::size_t>(size.jobs, numbers.size()), size.live, streams) {}

  void run() {
    constexpr auto pause = std::chrono::milliseconds(10);
    while (may_begin() || !jobs_.empty()) {
      while (may_begin() && has_room()) begin_next();
      std::this_thread::sleep_for(pause);
      hand_stop_on();
      take_ended();
      if (progress_.is_due()) progress_.draw(numbers_of_jobs());
    }
    progress_.clear();
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  bool may_begin() const { return next_ < numbers_.size() && !failure_ && requested_stop() == 0; }

  bool has_room() {
    if (jobs_.empty()) return true;
    if (jobs_.size() >= size_.jobs) return false;
    const std::optional<std::uint64_t> free = free_memory();
    if (!free || *free >= memory_of_run_) return true;
    warn_of_fewer("memory is short");
    return false;
  }

  void warn_of_fewer(const std::string& reason) {
    if (std::exchange(warned_, true)) return;
    progress_.clear();
    streams_.warn(fmt::format("{}: fewer than {} runs at a time", reason, size_.jobs));
  }

  void begin_next() try {
    probe_writable(sweep_, room_of_run);
    begin(numbers_[next_]);
    ++next_;
  } catch (const Error& error) {
    if (!is_out_of_processes(error) || jobs_.empty()) {
      failure_ = std::current_exception();
      return;
    }
    warn_of_fewer(error.what());
    size_.jobs = static_cast<unsigned>(jobs_.size());
  }

  void begin(std::size_t number) try {
    SweepRun& run = runs_[number];
    const fs::path folder = sweep_ / run.folder;
    std::error_code error;
    fs::create_directory(folder, error);
    if (error)
      throw io_error({.file = folder.string(), .problem = "cannot make the folder: " + system_message(error.value())});
    jobs_.push_back({.number = number,
                     .process = TrainingProcess(command_of_run(plan_, number, sweep_, size_.threads), folder),
                     .begin = Clock::now()});
    run.state = SweepRunState::running;
  } catch (const Error& error) {
    if (is_out_of_processes(error)) throw;
    end({.number = number, .folder = runs_[number].folder, .state = SweepRunState::failed, .reason = error.what()}, 0);
  }

  /// Once: by a second one a run would end at once. Slurm gives a signal to every process of a job by itself, and has
  /// the runs end before that.
  void hand_stop_on() {
    if (requested_stop() == 0 || handed_on_) return;
    if (!stop_) stop_ = Clock::now();
    const auto grace = std::chrono::seconds(is_under_slurm() ? 5 : 0);
    if (Clock::now() < *stop_ + grace) return;
    handed_on_ = true;
    for (const Job& job : jobs_) job.process.signal(requested_stop());
  }

  void take_ended() {
    for (auto job = jobs_.begin(); job != jobs_.end();) {
      const std::optional<int> code = job->process.ending();
      if (code) take(*job, *code);
      job = code ? jobs_.erase(job) : std::next(job);
    }
  }

  void take(const Job& job, int code) {
    SweepRun run = read_sweep_run(plan_, job.number, sweep_);
    const bool ended_early = run.state == SweepRunState::unfinished || run.state == SweepRunState::missing;
    if (code != 0 && ended_early && requested_stop() == 0) {
      run.state = SweepRunState::failed;
      run.reason = ending_in_words(code);
      std::ofstream(sweep_ / run.folder / sweep_run_log, std::ios::app) << "\nnib: error: " << run.reason << '\n';
    }
    if (run.peak_memory) memory_of_run_ = std::max(memory_of_run_, *run.peak_memory);
    end(std::move(run), std::chrono::duration<double>(Clock::now() - job.begin).count());
  }

  void end(SweepRun run, double seconds) {
    SweepRun& place = runs_[run.number];
    place = std::move(run);
    if (requested_stop() == 0 || place.state == SweepRunState::finished) progress_.ended(place, seconds);
  }

  std::vector<std::size_t> numbers_of_jobs() const {
    std::vector<std::size_t> numbers;
    for (const Job& job : jobs_) numbers.push_back(job.number);
    std::ranges::sort(numbers);
    return numbers;
  }

  const SweepPlan& plan_;
  const std::vector<std::size_t>& numbers_;
  fs::path sweep_;
  FarmSize size_;
  std::vector<SweepRun>& runs_;
  Streams& streams_;
  SweepProgress progress_;
  std::list<Job> jobs_;
  std::size_t next_ = 0;                   ///< of numbers_
  std::uint64_t memory_of_run_ = 0;        ///< the most that one took; 0 as long as none has finished
  std::optional<Clock::time_point> stop_;  ///< when one was asked for
  bool handed_on_ = false, warned_ = false;
  std::exception_ptr failure_;
};

}  // namespace

void make_runs(const SweepPlan& plan, const std::vector<std::size_t>& numbers, const fs::path& sweep, FarmSize size,
               std::vector<SweepRun>& runs, Streams& streams) {
  Farm(plan, numbers, sweep, size, runs, streams).run();
}

}  // namespace nib
