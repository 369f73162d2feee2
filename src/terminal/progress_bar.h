#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "nib/training.h"
#include "terminal/terminal.h"

namespace nib {

/// Keras 3's progress bar (>= 3.15: running means as they are). Gives the text to write; the caller writes and flushes
/// it. On a terminal the line is redrawn at most every 50 ms. Elsewhere an epoch is one plain line at its end, Keras's
/// verbose=2 with the epoch before it: "Epoch 1/5 - 422/422 - 3s - 7ms/step - accuracy: 0.9321 - loss: 0.2312".
class ProgressBar {
 public:
  using Clock = std::chrono::steady_clock;
  explicit ProgressBar(const Terminal& terminal);

  /// "Epoch 1/5\n" where there is more than one epoch and the terminal shows a bar.
  std::string begin_epoch(const TrainingProgress& start, Clock::time_point now);
  /// What to write now that `progress.step` steps are done; often nothing.
  std::string update(const TrainingProgress& progress, Clock::time_point now);
  /// The final line, with validation figures where there are any.
  std::string end_epoch(const EpochResult& result);
  /// Ends a line that is being redrawn, so that other text can follow (interrupted run).
  std::string abandon();

 private:
  struct Line;
  std::string draw(const Line& line);
  double step_seconds(std::uint64_t step, double elapsed) const;

  Terminal terminal_;
  std::uint32_t epoch_ = 0, epochs_ = 0;
  std::uint64_t steps_ = 0, done_before_ = 0;  ///< of this epoch; those that were done when it began here
  std::size_t width_ = 0;                      ///< visible characters of the line now on the terminal
  Clock::time_point begin_{}, last_draw_{};
  std::optional<double> first_step_seconds_;  ///< when the first step here was seen alone
  bool drawn_ = false;                        ///< in this epoch
};

}  // namespace nib
