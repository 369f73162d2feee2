#pragma once

#include <unistd.h>

#include <cstddef>
#include <optional>

#include "base/line_reader.h"

namespace nib {

/// Lines on standard input that ask for an epoch each, so that a program that compares several can have them train in
/// turn. The process sleeps until the next one comes.
class EpochRequests {
 public:
  /// Not wanted: every epoch may begin at once.
  explicit EpochRequests(bool wanted) {
    constexpr std::size_t longest = 80;  // of what is kept of a line
    if (wanted) lines_.emplace(STDIN_FILENO, "standard input", longest);
  }

  /// Until the next line, the end of the input or a signal that asks for a stop.
  void wait() {
    if (lines_ && !ended_) ended_ = !lines_->next();
  }

  /// There will be no more.
  bool ended() const { return ended_; }

 private:
  std::optional<LineReader> lines_;
  bool ended_ = false;
};

}  // namespace nib
