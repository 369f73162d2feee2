#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "nib/engine.h"

namespace nib::cpu {

/// How long one pass of a step took, and each of its tasks, in the order in which they are handed out.
struct PassTimes {
  std::string name;
  std::vector<double> task_seconds;
  double seconds = 0;
};

/// For tools/schedule: what each task takes of passes that are cut for many threads.
struct PassRecorder {
  std::vector<PassTimes> passes;
  /// Called before each of the tasks that threads begin with.
  std::function<void()> change_thread;
};

/// Adds up, for each kind of work and thread, how long it took. Off, it costs one test of a flag.
class Profile {
 public:
  Profile(std::vector<std::string> names, unsigned threads) : names_(std::move(names)), threads_(threads) {}

  void start() {
    seconds_.assign(threads_ * stride(), 0.0);
    begin_ = Clock::now();
    on_ = true;
  }

  template <typename Work>
  void measure(std::size_t kind, unsigned thread, const Work& work) {
    if (!on_) return work();
    const Clock::time_point begin = Clock::now();
    work();
    seconds_[thread * stride() + kind] += std::chrono::duration<double>(Clock::now() - begin).count();
  }

  /// Wall time since start(), split by kind; "waiting" is what threads spent on none of them.
  std::vector<PhaseTime> finish() {
    on_ = false;
    double left = std::chrono::duration<double>(Clock::now() - begin_).count();
    std::vector<PhaseTime> phases;
    for (std::size_t kind = 0; kind < names_.size(); ++kind) {
      double sum = 0;
      for (unsigned thread = 0; thread < threads_; ++thread) sum += seconds_[thread * stride() + kind];
      phases.push_back({names_[kind], sum / threads_});
      left -= sum / threads_;
    }
    phases.push_back({"waiting", left > 0 ? left : 0});
    return phases;
  }

 private:
  using Clock = std::chrono::steady_clock;
  /// Threads write to cache lines of their own.
  std::size_t stride() const { return (names_.size() + 15) / 8 * 8; }

  std::vector<std::string> names_;
  unsigned threads_;
  std::vector<double> seconds_;
  Clock::time_point begin_{};
  bool on_ = false;
};

}  // namespace nib::cpu
