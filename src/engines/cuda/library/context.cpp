#include "engines/cuda/library/context.h"

#include <fmt/core.h>

#include "base/error.h"

namespace nib::cuda {
namespace {

Precision choose_precision(std::optional<Precision> wanted, const cudaDeviceProp& properties) {
  const bool has_tf32 = properties.major >= 8;
  if (wanted == Precision::tf32 && !has_tf32)
    throw device_error({.setting = "precision",
                        .problem = fmt::format("{} has no TF32", properties.name),
                        .expected = "compute capability 8.0 or later",
                        .got = fmt::format("{}.{}", properties.major, properties.minor),
                        .hint = "leave " + setting("precision") + " out, or use " + setting("precision") + " fp32"});
  return wanted.value_or(has_tf32 ? Precision::tf32 : Precision::fp32);
}

CudnnHandle make_cudnn(cudaStream_t stream) {
  cudnnHandle_t handle = nullptr;
  NIB_CHECK_CUDNN(cudnnCreate(&handle));
  CudnnHandle owner(handle);
  NIB_CHECK_CUDNN(cudnnSetStream(handle, stream));
  return owner;
}

CublasHandle make_cublas(cudaStream_t stream) {
  cublasHandle_t handle = nullptr;
  NIB_CHECK_CUBLAS(cublasCreate(&handle));
  CublasHandle owner(handle);
  NIB_CHECK_CUBLAS(cublasSetStream(handle, stream));
  return owner;
}

}  // namespace

Context::Context(unsigned device, std::optional<Precision> precision, bool fast) : device_(device), fast_(fast) {
  make_current();
  NIB_CHECK_CUDA(cudaGetDeviceProperties(&properties_, static_cast<int>(device)));
  precision_ = choose_precision(precision, properties_);
  stream_ = make_stream();
  cudnn_ = make_cudnn(stream_.get());
  cublas_ = make_cublas(stream_.get());
}

std::size_t Context::cublas_workspace_bytes() const {
  return properties_.major >= 9 ? std::size_t{32} << 20 : std::size_t{4} << 20;  // NVIDIA's own defaults
}

void Context::set_cublas_workspace(void* workspace) const {
  NIB_CHECK_CUBLAS(cublasSetWorkspace(cublas_.get(), workspace, cublas_workspace_bytes()));
}

std::string Context::description() const {
  const std::size_t version = cudnnGetVersion();  // 91900 is 9.19.0
  return fmt::format("cuda:{} {}, cuDNN {}.{}, {}{}", device_, properties_.name, version / 10000, version / 100 % 100,
                     fast_ ? "fast algorithms, " : "", precision_ == Precision::tf32 ? "TF32" : "FP32");
}

}  // namespace nib::cuda
