#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/streams.h"
#include "runs/sweep_plan.h"
#include "runs/sweep_run.h"

namespace nib {

/// What a sweep tells while it goes on: on a terminal a table that is drawn anew, elsewhere a line for each run that
/// ended.
class SweepProgress {
 public:
  using Clock = std::chrono::steady_clock;

  /// A run that a process is at.
  struct Job {
    std::size_t number;
    std::filesystem::path log;
  };

  /// `to_do`: how many runs are to be made now, `at_once` of them side by side. `live`:
  /// the terminal, if there is one, is for this process alone.
  SweepProgress(const SweepPlan& plan, std::size_t to_do, std::size_t at_once, bool live, Streams& streams);
  ~SweepProgress() { clear(); }
  SweepProgress(const SweepProgress&) = delete;
  SweepProgress& operator=(const SweepProgress&) = delete;

  void ended(const SweepRun& run, double seconds);
  /// On a terminal, a few times a second.
  void draw(const std::vector<SweepRun>& runs, const std::vector<Job>& jobs);
  /// Takes the table away again, so that other text can follow.
  void clear();

 private:
  std::vector<std::string> lines(const std::vector<SweepRun>& runs, const std::vector<Job>& jobs) const;
  std::string erasure();
  std::optional<double> seconds_left(std::size_t running) const;

  const SweepPlan& plan_;
  Streams& streams_;
  bool live_;
  std::size_t to_do_, at_once_, done_ = 0, finished_ = 0, drawn_lines_ = 0;
  double seconds_of_runs_ = 0;  ///< of those that finished
  Clock::time_point begin_ = Clock::now(), last_draw_{};
};

/// "42 s", "3:20 min", "1:05 h".
std::string time_text(double seconds);

}  // namespace nib
