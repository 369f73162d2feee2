#pragma once

#include <array>
#include <cstdint>

#include "engines/cuda/library/handle.h"

namespace nib::cuda {

/// The chunks of steps that the host has put into a stream and not yet heard of. The host works ahead, so that the
/// device never waits for it, but not farther than this many chunks: then a wish to stop is not far off either. An
/// epoch of MNIST has 27.
class RunAhead {
 public:
  static constexpr std::uint64_t most = 32;

  explicit RunAhead(cudaStream_t stream) : stream_(stream) {
    for (Event& event : events_) event = make_event();
  }

  bool full() const { return begun_ - finished_ == most; }
  bool empty() const { return begun_ == finished_; }

  /// Behind a chunk's last call.
  void begun() {
    NIB_CHECK_CUDA(cudaEventRecord(events_[begun_ % most].get(), stream_));
    ++begun_;
  }

  /// Whether the oldest chunk is done; it then counts as heard of.
  bool oldest_is_done() {
    if (empty()) return false;
    const cudaError_t status = cudaEventQuery(events_[finished_ % most].get());
    if (status == cudaErrorNotReady) return false;
    check_cuda(status, "cudaEventQuery", __FILE__, __LINE__);
    ++finished_;
    return true;
  }

  /// Waits for the oldest chunk.
  void wait_for_oldest() {
    NIB_CHECK_CUDA(cudaEventSynchronize(events_[finished_ % most].get()));
    ++finished_;
  }

 private:
  cudaStream_t stream_;
  std::array<Event, most> events_;
  std::uint64_t begun_ = 0, finished_ = 0;
};

}  // namespace nib::cuda
