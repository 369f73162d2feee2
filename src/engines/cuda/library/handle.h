#pragma once

#include <cstdint>
#include <utility>

#include "engines/cuda/library/check.h"

namespace nib::cuda {

/// Owns one of CUDA's or a library's opaque handles; move-only. What `Destroy` answers is ignored: the handle is gone
/// either way, and an error that made it fail was reported by an earlier call.
template <typename Raw, auto Destroy>
class Handle {
 public:
  Handle() = default;
  explicit Handle(Raw raw) : raw_(raw) {}
  ~Handle() { reset(); }
  Handle(Handle&& other) noexcept : raw_(std::exchange(other.raw_, nullptr)) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this != &other) {
      reset();
      raw_ = std::exchange(other.raw_, nullptr);
    }
    return *this;
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  Raw get() const { return raw_; }

 private:
  void reset() {
    if (raw_) static_cast<void>(Destroy(raw_));
    raw_ = nullptr;
  }

  Raw raw_ = nullptr;
};

using Stream = Handle<cudaStream_t, &cudaStreamDestroy>;
using Event = Handle<cudaEvent_t, &cudaEventDestroy>;
using Graph = Handle<cudaGraph_t, &cudaGraphDestroy>;
using GraphExecutable = Handle<cudaGraphExec_t, &cudaGraphExecDestroy>;
using CudnnHandle = Handle<cudnnHandle_t, &cudnnDestroy>;
using CublasHandle = Handle<cublasHandle_t, &cublasDestroy_v2>;
using TensorDescriptor = Handle<cudnnTensorDescriptor_t, &cudnnDestroyTensorDescriptor>;
using FilterDescriptor = Handle<cudnnFilterDescriptor_t, &cudnnDestroyFilterDescriptor>;
using ConvolutionDescriptor = Handle<cudnnConvolutionDescriptor_t, &cudnnDestroyConvolutionDescriptor>;
using PoolingDescriptor = Handle<cudnnPoolingDescriptor_t, &cudnnDestroyPoolingDescriptor>;

/// A stream that does not wait for the legacy default stream.
Stream make_stream();
Event make_event();         ///< for ordering only
Event make_timing_event();  ///< for cudaEventElapsedTime

/// The libraries count in int; validated networks stay far below its end.
inline int whole(std::uint32_t number) { return static_cast<int>(number); }

/// Floats, packed NHWC.
TensorDescriptor make_tensor(std::uint32_t rows, std::uint32_t channels, std::uint32_t height, std::uint32_t width);
/// Floats; NHWC: (filters, height, width, channels), NCHW: (filters, channels, height, width).
FilterDescriptor make_filter(cudnnTensorFormat_t format, std::uint32_t filters, std::uint32_t channels,
                             std::uint32_t height, std::uint32_t width);

}  // namespace nib::cuda
