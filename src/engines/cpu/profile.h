#pragma once

#include <time.h>

#include <algorithm>
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

/// That the calling thread has had a processor for. What other programs take of one passes by.
inline double thread_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Adds up, for each kind of work and thread, how long a processor worked on it. Off, it costs one test of a flag.
class Profile {
 public:
  Profile(std::vector<std::string> names, unsigned threads) : names_(std::move(names)), threads_(threads) {}

  /// Forgets everything.
  void clear() {
    seconds_.assign(threads_ * stride(), 0.0);
    wall_seconds_ = 0;
  }

  void start() {
    begin_ = Clock::now();
    on_ = true;
  }

  void stop() {
    on_ = false;
    wall_seconds_ += std::chrono::duration<double>(Clock::now() - begin_).count();
  }

  template <typename Work>
  void measure(std::size_t kind, unsigned thread, const Work& work) {
    if (!on_) return work();
    const Clock::time_point begin = Clock::now();
    const double worked = thread_seconds();
    work();
    const double seconds = thread_seconds() - worked;
    const double passed = std::chrono::duration<double>(Clock::now() - begin).count();
    seconds_[thread * stride() + kind] += seconds;
    seconds_[thread * stride() + names_.size()] += std::max(passed - seconds, 0.0);
  }

  /// A call of the first thread's that waits for others: what it computes itself counts.
  template <typename Work>
  void measure_call(std::size_t kind, const Work& work) {
    if (!on_) return work();
    const double worked = thread_seconds();
    work();
    seconds_[kind] += thread_seconds() - worked;
  }

  /// The wall time between start() and stop(), split by kind. "waiting" is what threads spent on none of them.
  std::vector<PhaseTime> phases() const {
    double left = wall_seconds_ - of_kind(names_.size());
    std::vector<PhaseTime> phases;
    for (std::size_t kind = 0; kind < names_.size(); ++kind) {
      phases.push_back({names_[kind], of_kind(kind)});
      left -= of_kind(kind);
    }
    phases.push_back({"waiting", std::max(left, 0.0)});
    return phases;
  }

  /// The part of the wall time in which threads had work and no processor.
  double kept_waiting() const { return wall_seconds_ > 0 ? of_kind(names_.size()) / wall_seconds_ : 0; }

 private:
  using Clock = std::chrono::steady_clock;
  /// Threads write to cache lines of their own. Behind the kinds is a number for the time without a processor.
  std::size_t stride() const { return (names_.size() + 16) / 8 * 8; }

  /// The mean of the threads.
  double of_kind(std::size_t kind) const {
    double sum = 0;
    for (unsigned thread = 0; thread < threads_; ++thread) sum += seconds_[thread * stride() + kind];
    return sum / threads_;
  }

  std::vector<std::string> names_;
  unsigned threads_;
  std::vector<double> seconds_;
  double wall_seconds_ = 0;
  Clock::time_point begin_{};
  bool on_ = false;
};

}  // namespace nib::cpu
