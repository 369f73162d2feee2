#pragma once

#include <cstddef>
#include <string>

#include "engines/cuda/library/handle.h"
#include "nib/engine.h"

namespace nib::cuda {

/// One GPU as an engine uses it: its stream and the libraries' handles on that stream.
class Context {
 public:
  /// `precision`: none takes TF32 where the GPU has it. Throws Error (device).
  Context(unsigned device, std::optional<Precision> precision, bool fast);

  /// CUDA's current device belongs to the thread; every call into the engine begins with this.
  void make_current() const { NIB_CHECK_CUDA(cudaSetDevice(static_cast<int>(device_))); }

  cudaStream_t stream() const { return stream_.get(); }
  cudnnHandle_t cudnn() const { return cudnn_.get(); }
  cublasHandle_t cublas() const { return cublas_.get(); }

  Precision precision() const { return precision_; }
  /// Whether algorithms that may give other bits from run to run are allowed.
  bool fast() const { return fast_; }

  /// What cuBLAS wants for products that are the same from run to run and can be captured.
  std::size_t cublas_workspace_bytes() const;
  /// The stream was set before: setting it takes the workspace away again.
  void set_cublas_workspace(void* workspace) const;

  void synchronize() const { NIB_CHECK_CUDA(cudaStreamSynchronize(stream_.get())); }

  /// "cuda:0 NVIDIA H200, cuDNN 9.19, TF32".
  std::string description() const;

 private:
  unsigned device_;
  cudaDeviceProp properties_{};
  Precision precision_ = Precision::fp32;
  bool fast_;
  Stream stream_;
  CudnnHandle cudnn_;
  CublasHandle cublas_;
};

}  // namespace nib::cuda
