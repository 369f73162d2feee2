#pragma once

#include <cuda_runtime.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <random>
#include <vector>

#include "cuda_on_host/cublas_v2.h"
#include "cuda_on_host/cuda_on_host.h"
#include "cuda_on_host/cudnn.h"
#include "cuda_on_host/library_control.h"

namespace nib::cuda_on_host {

/// Floats in device memory of their own.
class DeviceFloats {
 public:
  explicit DeviceFloats(std::size_t count) : count_(count) { EXPECT_EQ(cudaMalloc(&data_, bytes()), cudaSuccess); }
  explicit DeviceFloats(const std::vector<float>& values) : DeviceFloats(values.size()) {
    EXPECT_EQ(cudaMemcpy(data_, values.data(), bytes(), cudaMemcpyHostToDevice), cudaSuccess);
  }
  ~DeviceFloats() { static_cast<void>(cudaFree(data_)); }
  DeviceFloats(const DeviceFloats&) = delete;
  DeviceFloats& operator=(const DeviceFloats&) = delete;

  float* get() const { return data_; }
  std::size_t bytes() const { return count_ * sizeof(float); }
  /// What is there now; work in streams has to be waited for before.
  std::vector<float> values() const {
    std::vector<float> values(count_);
    EXPECT_EQ(cudaMemcpy(values.data(), data_, bytes(), cudaMemcpyDeviceToHost), cudaSuccess);
    return values;
  }

 private:
  std::size_t count_;
  float* data_ = nullptr;
};

/// Between -1 and 1.
inline std::vector<float> random_floats(std::size_t count, unsigned seed) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<float> distribution(-1, 1);
  std::vector<float> values(count);
  for (float& value : values) value = distribution(generator);
  return values;
}

/// A second stream that takes part in a capture of the first one.
class Branch {
 public:
  explicit Branch(cudaStream_t main) : main_(main) {
    EXPECT_EQ(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), cudaSuccess);
    EXPECT_EQ(cudaEventCreateWithFlags(&event_, cudaEventDisableTiming), cudaSuccess);
  }
  ~Branch() {
    static_cast<void>(cudaStreamDestroy(stream_));
    static_cast<void>(cudaEventDestroy(event_));
  }
  Branch(const Branch&) = delete;
  Branch& operator=(const Branch&) = delete;

  cudaStream_t stream() const { return stream_; }
  void fork() const { wait(stream_, main_); }
  void join() const { wait(main_, stream_); }

 private:
  void wait(cudaStream_t waiting, cudaStream_t other) const {
    EXPECT_EQ(cudaEventRecord(event_, other), cudaSuccess);
    EXPECT_EQ(cudaStreamWaitEvent(waiting, event_), cudaSuccess);
  }

  cudaStream_t main_, stream_ = nullptr;
  cudaEvent_t event_ = nullptr;
};

/// A fresh device with one stream.
class LibraryTest : public testing::Test {
 protected:
  LibraryTest() {
    reset();
    set_library_control({});
    EXPECT_EQ(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), cudaSuccess);
  }
  ~LibraryTest() override {
    static_cast<void>(cudaStreamDestroy(stream_));
    EXPECT_NO_THROW(reset());  // nothing is left over
    set_library_control({});
  }

  void synchronize() const { ASSERT_EQ(cudaStreamSynchronize(stream_), cudaSuccess); }

  /// Captures what `body` puts into the stream, and launches it `launches` times.
  template <typename Body>
  void capture(const Body& body, int launches = 0) const {
    ASSERT_EQ(cudaStreamBeginCapture(stream_, cudaStreamCaptureModeThreadLocal), cudaSuccess);
    cudaGraph_t graph = nullptr;
    try {
      body();
    } catch (...) {
      if (cudaStreamEndCapture(stream_, &graph) == cudaSuccess) {
        EXPECT_EQ(cudaGraphDestroy(graph), cudaSuccess);
      }
      throw;
    }
    ASSERT_EQ(cudaStreamEndCapture(stream_, &graph), cudaSuccess);
    cudaGraphExec_t executable = nullptr;
    ASSERT_EQ(cudaGraphInstantiate(&executable, graph), cudaSuccess);
    ASSERT_EQ(cudaGraphDestroy(graph), cudaSuccess);
    for (int i = 0; i < launches; ++i) ASSERT_EQ(cudaGraphLaunch(executable, stream_), cudaSuccess);
    synchronize();
    ASSERT_EQ(cudaGraphExecDestroy(executable), cudaSuccess);
  }

  cudaStream_t stream_ = nullptr;
};

}  // namespace nib::cuda_on_host
