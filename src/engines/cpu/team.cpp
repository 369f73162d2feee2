#include "engines/cpu/team.h"

#include <cfenv>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "base/signals.h"
#include "base/threads.h"

namespace nib::cpu {
namespace {

/// How long a thread watches an atomic before it sleeps on it: some ten microseconds, longer than the gap between two
/// phases of a step and far shorter than a time slice.
constexpr int kSpins = 1000;

void pause() {
#if defined(__x86_64__)
  _mm_pause();
#endif
}

/// Waits until `value` is no longer `old`.
template <typename T>
void wait_for_change(const std::atomic<T>& value, T old) {
  for (int spin = 0; spin < kSpins; ++spin) {
    if (value.load(std::memory_order_acquire) != old) return;
    pause();
  }
  while (value.load(std::memory_order_acquire) == old) value.wait(old, std::memory_order_acquire);
}

}  // namespace

FloatingPointEnvironment::FloatingPointEnvironment() {
#if defined(__x86_64__)
  saved_ = _mm_getcsr();
  // All exceptions masked (0x1f80), round to nearest, flush results to zero (0x8000), denormal inputs are zero (0x40).
  _mm_setcsr(0x1f80u | 0x8000u | 0x40u);
#else
  saved_ = static_cast<unsigned>(std::fegetround());
  std::fesetround(FE_TONEAREST);
#endif
}

FloatingPointEnvironment::~FloatingPointEnvironment() {
#if defined(__x86_64__)
  _mm_setcsr(saved_);
#else
  std::fesetround(static_cast<int>(saved_));
#endif
}

Team::Team(unsigned threads) : seats_(std::max(threads, 1u)) {
  threads_.reserve(seats_.size() - 1);
  const SignalsHeld held;  // they come to the thread that looks for them
  for (unsigned thread = 1; thread < seats_.size(); ++thread)
    if (!add_thread(threads_, [this, thread] { serve(thread); })) break;
}

Team::~Team() {
  stopping_ = true;
  for (unsigned thread = 1; thread < size(); ++thread) call(thread);
  threads_.clear();  // waits for them
}

void Team::run_erased(unsigned tasks, Function function, const void* data) {
  function_ = function;
  data_ = data;
  tasks_ = tasks;
  taking_part_ = std::clamp(tasks, 1u, size());
  ticket_.store(taking_part_, std::memory_order_relaxed);
  take_part(0);
}

/// Calls the threads below this one, works with them, and returns when they have reported back.
void Team::take_part(unsigned thread) {
  const unsigned first = std::min(kBranches * thread + 1, taking_part_);
  const unsigned end = std::min(first + kBranches, taking_part_);
  std::atomic<std::uint32_t>& awaited = seats_[thread].awaited;
  awaited.store(end - first, std::memory_order_relaxed);
  for (unsigned below = first; below < end; ++below) call(below);
  for (unsigned task = thread; task < tasks_;) {
    function_(data_, task, thread);
    // Once all are given out, looking is enough: threads can do that side by side.
    if (ticket_.load(std::memory_order_relaxed) >= tasks_) break;
    task = ticket_.fetch_add(1, std::memory_order_relaxed);
  }
  for (std::uint32_t left = awaited.load(std::memory_order_acquire); left != 0;
       left = awaited.load(std::memory_order_acquire))
    wait_for_change(awaited, left);
}

void Team::call(unsigned thread) {
  std::atomic<std::uint32_t>& calls = seats_[thread].calls;
  calls.fetch_add(1, std::memory_order_release);
  calls.notify_one();
}

void Team::serve(unsigned thread) {
  const FloatingPointEnvironment environment;
  for (std::uint32_t seen = 0;; ++seen) {
    wait_for_change(seats_[thread].calls, seen);
    if (stopping_) return;
    take_part(thread);
    std::atomic<std::uint32_t>& awaited = seats_[(thread - 1) / kBranches].awaited;
    if (awaited.fetch_sub(1, std::memory_order_release) == 1) awaited.notify_one();
  }
}

}  // namespace nib::cpu
