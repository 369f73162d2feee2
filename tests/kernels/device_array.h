#pragma once

#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <type_traits>
#include <vector>

#include "kernels/check.h"

namespace nib::kernels {

/// An array in device memory. Bytes before and behind it show at each download whether a kernel wrote past its ends.
template <typename T>
class DeviceArray {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  /// An array for results: all bits are set, NaN in floating point, until a kernel writes them.
  DeviceArray(cudaStream_t stream, std::size_t size) : stream_(stream), size_(size) {
    std::vector<std::byte> bytes = between_guards();
    std::fill(bytes.begin() + guard_bytes, bytes.end() - guard_bytes, std::byte{0xff});
    upload(bytes);
  }

  DeviceArray(cudaStream_t stream, const std::vector<T>& values) : stream_(stream), size_(values.size()) {
    std::vector<std::byte> bytes = between_guards();
    if (size_ > 0) std::memcpy(bytes.data() + guard_bytes, values.data(), size_ * sizeof(T));
    upload(bytes);
  }

  ~DeviceArray() { EXPECT_EQ(cudaFree(memory_), cudaSuccess); }
  DeviceArray(const DeviceArray&) = delete;
  DeviceArray& operator=(const DeviceArray&) = delete;

  T* data() const { return reinterpret_cast<T*>(memory_ + guard_bytes); }

  /// Waits for the stream.
  std::vector<T> download() const {
    std::vector<std::byte> bytes = between_guards();
    NIB_CHECK_CUDA(cudaMemcpyAsync(bytes.data(), memory_, bytes.size(), cudaMemcpyDeviceToHost, stream_));
    NIB_CHECK_CUDA(cudaStreamSynchronize(stream_));
    const auto intact = [](std::byte byte) { return byte == guard; };
    EXPECT_TRUE(std::all_of(bytes.begin(), bytes.begin() + guard_bytes, intact)) << "written before an array";
    EXPECT_TRUE(std::all_of(bytes.end() - guard_bytes, bytes.end(), intact)) << "written behind an array's end";
    std::vector<T> values(size_);
    if (size_ > 0) std::memcpy(values.data(), bytes.data() + guard_bytes, size_ * sizeof(T));
    return values;
  }

 private:
#ifdef __SANITIZE_ADDRESS__
  static constexpr std::ptrdiff_t guard_bytes = 0;  // the sanitizer guards the allocation itself, against reads as well
#else
  static constexpr std::ptrdiff_t guard_bytes = 256;  // arrays stay aligned as in the engine
#endif
  static constexpr std::byte guard{0xa5};

  std::vector<std::byte> between_guards() const {
    return std::vector<std::byte>(2 * static_cast<std::size_t>(guard_bytes) + size_ * sizeof(T), guard);
  }

  void upload(const std::vector<std::byte>& bytes) {
    NIB_CHECK_CUDA(cudaMalloc(&memory_, bytes.empty() ? 1 : bytes.size()));
    NIB_CHECK_CUDA(cudaMemcpyAsync(memory_, bytes.data(), bytes.size(), cudaMemcpyHostToDevice, stream_));
    NIB_CHECK_CUDA(cudaStreamSynchronize(stream_));
  }

  cudaStream_t stream_;
  std::size_t size_;
  std::byte* memory_ = nullptr;
};

}  // namespace nib::kernels
