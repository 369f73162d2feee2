#include "engines/cpu/peak.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <numeric>

#include "engines/cpu/profile.h"
#include "engines/cpu/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engines/cpu/peak.cpp"
#include "hwy/foreach_target.h"
// After foreach_target.h, as it is included once for each target.
#include "engines/cpu/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace nib::cpu::HWY_NAMESPACE {

/// Sums side by side: more than two units of a latency of four or five cycles keep busy, and with the two constants no
/// more than there are registers.
constexpr int kSums = kManyRegisters ? 24 : 12;

/// `rounds` multiply-adds of each sum; returns the number of operations. The sums go to 1, so nothing overflows or
/// becomes denormal. Of `result` only that it is written is of use: so the compiler keeps the work.
double multiply_add_rounds(std::uint64_t rounds, std::atomic<float>& result) {
  const Vec factor = broadcast(0.75f), term = broadcast(0.25f);
  Vec sums[kSums];
  HWY_UNROLL(32) for (int i = 0; i < kSums; ++i) sums[i] = broadcast(static_cast<float>(i));
  for (std::uint64_t round = 0; round < rounds; ++round)
    HWY_UNROLL(32) for (int i = 0; i < kSums; ++i) sums[i] = multiply_add(sums[i], factor, term);
  Vec total = zero();
  HWY_UNROLL(32) for (int i = 0; i < kSums; ++i) total = add(total, sums[i]);
  result.store(greatest_lane(total), std::memory_order_relaxed);
  return 2.0 * kSums * kLanes * static_cast<double>(rounds);
}

}  // namespace nib::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "engines/cpu/dispatch.h"
namespace nib::cpu {
namespace {

constexpr unsigned tasks_a_thread = 4;   // so that a thread that comes late leaves its share to the others
constexpr double shortest_task = 0.001;  // seconds; reading the clock takes less than a microsecond

}  // namespace

PeakMeter::PeakMeter(Instructions instructions, Team& team)
    : run_(NIB_DISPATCH(instructions, multiply_add_rounds)),
      team_(team),
      rounds_(64),
      seconds_(tasks_a_thread * team.size()) {
  for (measure(); least_seconds() < shortest_task; measure()) rounds_ *= 2;
  peak_ = 0;
}

void PeakMeter::measure() {
  const auto tasks = static_cast<unsigned>(seconds_.size());
  std::atomic<double> operations = 0;  // of a task: the same in all
  team_.run(tasks, [&](unsigned task, unsigned) {
    std::atomic<float> result = 0;
    const double begin = thread_seconds();
    operations = run_(rounds_, result);
    seconds_[task] = thread_seconds() - begin;
  });
  const double all = std::accumulate(seconds_.begin(), seconds_.end(), 0.0);
  peak_ = std::max(peak_, operations * tasks / all * team_.size());
}

double PeakMeter::least_seconds() const { return *std::ranges::min_element(seconds_); }

}  // namespace nib::cpu
#endif
