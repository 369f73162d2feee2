#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

namespace nib::cpu {

/// A fixed team of threads, the caller's among them, that works through numbered tasks.
///
/// A run() takes as many threads as it has tasks, at most: the others go on sleeping. Thread i begins with task i; what
/// is left is handed out by a ticket in ascending order. Which thread gets which is open, so tasks must not depend on
/// each other; that most first tasks stay with their thread keeps what they touch in its caches, and on its node.
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

  /// Threads call each other, and report back, along a tree in which each has up to this many below it: nobody has to
  /// reach all of a large team.
  static constexpr unsigned kBranches = 4;

 private:
  using Function = void (*)(const void* data, unsigned task, unsigned thread);

  /// Where a thread is called, and where those below it report back. A cache line of its own.
  struct alignas(64) Seat {
    std::atomic<std::uint32_t> calls{0};
    std::atomic<std::uint32_t> awaited{0};
  };

  void run_erased(unsigned tasks, Function function, const void* data);
  void take_part(unsigned thread);
  void call(unsigned thread);
  void serve(unsigned thread);

  // One run: written by the caller before it calls anybody, read by those who are called.
  Function function_ = nullptr;
  const void* data_ = nullptr;
  unsigned tasks_ = 0, taking_part_ = 1;
  bool stopping_ = false;

  alignas(64) std::atomic<unsigned> ticket_{0};
  std::vector<Seat> seats_;  ///< one a thread
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
