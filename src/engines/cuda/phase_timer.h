#pragma once

#include <string>
#include <vector>

#include "engines/cuda/library/handle.h"
#include "nib/engine.h"

namespace nib::cuda {

/// Measures the phases of steps by events in their stream.
class PhaseTimer {
 public:
  explicit PhaseTimer(cudaStream_t stream) : stream_(stream) {}

  /// At the beginning of a step, then behind each of its phases: the same phases in every step.
  void begin() { record(0); }
  void mark(const std::string& phase) {
    record(++marks_);
    if (phases_.size() < marks_) phases_.push_back({phase, 0});
  }

  /// Behind a step: waits for it and adds its times up.
  void collect() {
    NIB_CHECK_CUDA(cudaEventSynchronize(events_[marks_].get()));
    for (std::size_t i = 0; i < marks_; ++i) {
      float milliseconds = 0;
      NIB_CHECK_CUDA(cudaEventElapsedTime(&milliseconds, events_[i].get(), events_[i + 1].get()));
      phases_[i].seconds += static_cast<double>(milliseconds) / 1000;
    }
    marks_ = 0;
  }

  const std::vector<PhaseTime>& phases() const { return phases_; }

 private:
  void record(std::size_t index) {
    if (events_.size() <= index) events_.push_back(make_timing_event());
    NIB_CHECK_CUDA(cudaEventRecord(events_[index].get(), stream_));
  }

  cudaStream_t stream_;
  std::vector<Event> events_;
  std::vector<PhaseTime> phases_;
  std::size_t marks_ = 0;
};

}  // namespace nib::cuda
