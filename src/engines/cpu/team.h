#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

namespace nib::cpu {

/// A fixed team of threads, the caller's among them, that works through numbered tasks. Tasks of one run() are handed
/// out by a ticket in ascending order; which thread gets which is open, so tasks must not depend on each other.
/// A team may be smaller than asked for: it goes on with the threads that the system gives it, the caller's at least.
/// Every thread computes with the same floating-point environment: round to nearest, denormals flushed to zero.
class Team {
 public:
  explicit Team(unsigned threads);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  unsigned size() const { return static_cast<unsigned>(threads_.size()) + 1; }

  /// Calls work(task, thread) for each task below `tasks` and returns when all are done; `thread` is below size().
  /// `work` must not throw.
  template <typename Work>
  void run(unsigned tasks, const Work& work) {
    run_erased(
        tasks,
        [](const void* data, unsigned task, unsigned thread) { (*static_cast<const Work*>(data))(task, thread); },
        &work);
  }

 private:
  using Function = void (*)(const void* data, unsigned task, unsigned thread);
  void run_erased(unsigned tasks, Function function, const void* data);
  void work_through(unsigned thread);
  void serve(unsigned thread);

  // One run: written by the caller before `generation_` moves, read by the others after they saw it move.
  Function function_ = nullptr;
  const void* data_ = nullptr;
  unsigned tasks_ = 0;
  bool stopping_ = false;

  alignas(64) std::atomic<std::uint32_t> generation_{0};
  alignas(64) std::atomic<unsigned> ticket_{0};
  alignas(64) std::atomic<unsigned> busy_{0};
  std::vector<std::jthread> threads_;
};

/// Sets the engine's floating-point environment for the calling thread, and the old one back at the end.
class FloatingPointEnvironment {
 public:
  FloatingPointEnvironment();
  ~FloatingPointEnvironment();
  FloatingPointEnvironment(const FloatingPointEnvironment&) = delete;
  FloatingPointEnvironment& operator=(const FloatingPointEnvironment&) = delete;

 private:
  unsigned saved_ = 0;
};

}  // namespace nib::cpu
