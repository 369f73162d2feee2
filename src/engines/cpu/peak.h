#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "engines/cpu/instructions.h"
#include "engines/cpu/team.h"

namespace nib::cpu {

/// Floating-point operations a second (a multiply-add is two) that the whole team reaches on independent multiply-adds
/// in registers, in float32: what no phase can exceed that computes all that it is asked for. The best of some tries of
/// a few milliseconds, to be made between what is held against it, as a processor's speed changes; by the time that the
/// threads had a processor, as other programs may be in the way.
class PeakMeter {
 public:
  PeakMeter(Instructions instructions, Team& team);
  /// One more try.
  void measure();
  /// Of all tries; 0 before one.
  double peak() const { return peak_; }

 private:
  double least_seconds() const;

  double (*run_)(std::uint64_t rounds, std::atomic<float>& result);
  Team& team_;
  std::uint64_t rounds_;
  std::vector<double> seconds_;  ///< of each task of the last try
  double peak_ = 0;
};

}  // namespace nib::cpu
