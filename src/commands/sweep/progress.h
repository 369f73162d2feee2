#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/streams.h"
#include "runs/sweep_plan.h"
#include "runs/sweep_table.h"

namespace nib {

/// What a sweep tells while it goes on: on a terminal a table that is drawn anew, elsewhere a line for each run that
/// ended.
class SweepProgress {
 public:
  using Clock = std::chrono::steady_clock;

  struct Sweep {
    const SweepPlan& plan;
    const std::vector<SweepRun>& runs;  ///< as they stand
    const std::filesystem::path& folder;
  };

  /// `to_do`: how many runs are to be made now, `at_once` of them side by side. `live`:
  /// the terminal, if there is one, is for this process alone.
  SweepProgress(const Sweep& sweep, std::size_t to_do, std::size_t at_once, bool live, Streams& streams);
  ~SweepProgress() { clear(); }
  SweepProgress(const SweepProgress&) = delete;
  SweepProgress& operator=(const SweepProgress&) = delete;

  void ended(const SweepRun& run, double seconds);
  /// On a terminal, a few times a second.
  bool is_due() const;
  /// `jobs`: the runs that a process is at.
  void draw(const std::vector<std::size_t>& jobs);
  /// Takes the table away again, so that other text can follow.
  void clear();

 private:
  std::vector<std::string> lines(const std::vector<std::size_t>& jobs);
  const std::string& stage(std::size_t run);
  std::string erasure();
  std::optional<double> seconds_left(std::size_t running) const;

  Sweep sweep_;
  const SweepPlan& plan_ = sweep_.plan;
  Streams& streams_;
  bool live_;
  std::size_t to_do_, at_once_, done_ = 0, finished_ = 0, drawn_lines_ = 0;
  double seconds_of_runs_ = 0;                 ///< of those that finished
  std::optional<SweepTable> table_;            ///< of the runs that ended by now
  std::map<std::size_t, std::string> stages_;  ///< how far each run was when it was last looked at
  Clock::time_point begin_ = Clock::now(), last_draw_{};
};

/// "42 s", "3:20 min", "1:05 h".
std::string time_text(double seconds);

}  // namespace nib
