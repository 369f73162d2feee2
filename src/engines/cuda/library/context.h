#pragma once

#include <cstddef>
#include <string>

#include "engines/cuda/library/lane.h"
#include "nib/engine.h"

namespace nib::cuda {

/// One GPU as an engine uses it: a main lane for all its work, and a side lane for branches. A branch begins with
/// fork() and ends with join(); neither is a call that the GPU runs, nor a node of a captured graph.
class Context {
 public:
  /// `precision`: none takes TF32 where the GPU has it. Throws Error (device).
  Context(unsigned device, std::optional<Precision> precision, bool fast);

  /// CUDA's current device belongs to the thread; every call into the engine begins with this.
  void make_current() const { NIB_CHECK_CUDA(cudaSetDevice(static_cast<int>(device_))); }

  const Lane& main() const { return main_; }
  const Lane& side() const { return side_; }
  cudaStream_t stream() const { return main_.stream.get(); }
  cudnnHandle_t cudnn() const { return main_.cudnn.get(); }

  /// What is put into the side lane from now on, which is returned, runs behind what the main lane holds by now.
  const Lane& fork() const;
  /// What is put into the main lane from now on runs behind what the side lane holds by now. In a capture only behind a
  /// fork(); no capture may end without it.
  void join() const;

  Precision precision() const { return precision_; }
  /// Whether algorithms that may give other bits from run to run are allowed.
  bool fast() const { return fast_; }

  /// What cuBLAS wants, in both lanes, for products that are the same from run to run and can be captured.
  std::size_t cublas_workspace_bytes() const { return 2 * cublas_lane_bytes(); }
  /// Half of it for each lane. The streams were set before: setting them takes the workspaces away again.
  void set_cublas_workspace(void* workspace) const;

  /// Waits for the main lane.
  void synchronize() const { NIB_CHECK_CUDA(cudaStreamSynchronize(stream())); }

  /// "cuda:0 NVIDIA H200, cuDNN 9.19, TF32".
  std::string description() const;

 private:
  std::size_t cublas_lane_bytes() const;

  unsigned device_;
  cudaDeviceProp properties_{};
  Precision precision_ = Precision::fp32;
  bool fast_;
  Lane main_, side_;
  Event forked_, joined_;
};

}  // namespace nib::cuda
