#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "nib/training.h"
#include "report/terminal.h"

namespace nib {

/// Keras 3's progress bar (>= 3.15: running means as they are). Gives the text to write; the caller writes it. On a
/// terminal the line is redrawn at most every 50 ms; in a pipe an epoch is one plain line at its end.
class ProgressBar {
 public:
  using Clock = std::chrono::steady_clock;
  explicit ProgressBar(const Terminal& terminal);

  /// "Epoch 1/5\n" where there is more than one epoch.
  std::string begin_epoch(std::uint32_t epoch, std::uint32_t epochs, std::uint64_t steps, Clock::time_point now);
  /// What to write now that `progress.step` steps are done; often nothing.
  std::string update(const TrainingProgress& progress, Clock::time_point now);
  /// The final line, with validation figures where there are any.
  std::string end_epoch(const EpochResult& result, Clock::time_point now);
  /// Ends a line that is being redrawn, so that other text can follow (interrupted run).
  std::string abandon();

 private:
  std::string line(std::uint64_t step, const std::string& time, const std::string& step_time,
                   const std::string& metrics, bool final);
  Terminal terminal_;
  std::uint64_t steps_ = 0;
  std::size_t width_ = 0;  ///< visible characters of the line now on the terminal
  Clock::time_point begin_{}, first_step_{}, last_draw_{};
  bool drawn_ = false;
};

}  // namespace nib
