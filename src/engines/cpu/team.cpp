#include "engines/cpu/team.h"

#include <cfenv>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

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

Team::Team(unsigned threads) {
  threads_.reserve(threads > 0 ? threads - 1 : 0);
  for (unsigned thread = 1; thread < threads; ++thread)
    if (!add_thread(threads_, [this, thread] { serve(thread); })) break;
}

Team::~Team() {
  stopping_ = true;
  generation_.fetch_add(1, std::memory_order_release);
  generation_.notify_all();
  threads_.clear();  // waits for them
}

void Team::run_erased(unsigned tasks, Function function, const void* data) {
  function_ = function;
  data_ = data;
  tasks_ = tasks;
  ticket_.store(0, std::memory_order_relaxed);
  const bool alone = threads_.empty() || tasks <= 1;
  if (!alone) {
    busy_.store(static_cast<unsigned>(threads_.size()), std::memory_order_relaxed);
    generation_.fetch_add(1, std::memory_order_release);
    generation_.notify_all();
  }
  work_through(0);
  if (!alone)
    for (unsigned left = busy_.load(std::memory_order_acquire); left != 0; left = busy_.load(std::memory_order_acquire))
      wait_for_change(busy_, left);
}

void Team::work_through(unsigned thread) {
  for (unsigned task = ticket_.fetch_add(1, std::memory_order_relaxed); task < tasks_;
       task = ticket_.fetch_add(1, std::memory_order_relaxed))
    function_(data_, task, thread);
}

void Team::serve(unsigned thread) {
  const FloatingPointEnvironment environment;
  for (std::uint32_t seen = 0;; ++seen) {
    wait_for_change(generation_, seen);
    if (stopping_) return;
    work_through(thread);
    if (busy_.fetch_sub(1, std::memory_order_release) == 1) busy_.notify_one();
  }
}

}  // namespace nib::cpu
