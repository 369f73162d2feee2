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

}  // namespace

Context::Context(unsigned device, std::optional<Precision> precision, bool fast) : device_(device), fast_(fast) {
  make_current();
  NIB_CHECK_CUDA(cudaGetDeviceProperties(&properties_, static_cast<int>(device)));
  precision_ = choose_precision(precision, properties_);
  main_ = make_lane();
  side_ = make_lane();
  forked_ = make_event();
  joined_ = make_event();
}

const Lane& Context::fork() const {
  NIB_CHECK_CUDA(cudaEventRecord(forked_.get(), main_.stream.get()));
  NIB_CHECK_CUDA(cudaStreamWaitEvent(side_.stream.get(), forked_.get(), 0));
  return side_;
}

void Context::join() const {
  NIB_CHECK_CUDA(cudaEventRecord(joined_.get(), side_.stream.get()));
  NIB_CHECK_CUDA(cudaStreamWaitEvent(main_.stream.get(), joined_.get(), 0));
}

std::size_t Context::cublas_lane_bytes() const {
  return properties_.major >= 9 ? std::size_t{32} << 20 : std::size_t{4} << 20;  // NVIDIA's own defaults
}

void Context::set_cublas_workspace(void* workspace) const {
  const std::size_t bytes = cublas_lane_bytes();
  NIB_CHECK_CUBLAS(cublasSetWorkspace(main_.cublas.get(), workspace, bytes));
  NIB_CHECK_CUBLAS(cublasSetWorkspace(side_.cublas.get(), static_cast<std::byte*>(workspace) + bytes, bytes));
}

std::string Context::description() const {
  const std::size_t version = cudnnGetVersion();  // 91900 is 9.19.0
  return fmt::format("cuda:{} {}, cuDNN {}.{}, {}{}", device_, properties_.name, version / 10000, version / 100 % 100,
                     fast_ ? "fast algorithms, " : "", precision_ == Precision::tf32 ? "TF32" : "FP32");
}

}  // namespace nib::cuda
