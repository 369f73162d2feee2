#pragma once

#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <vector>

#include "kernels/device_array.h"

namespace nib::kernels {

inline constexpr float nan = std::numeric_limits<float>::quiet_NaN();
inline constexpr float infinity = std::numeric_limits<float>::infinity();

/// A test of kernels, with a stream of its own. The same body runs on the host's stand-in and on a GPU; without a GPU
/// it is skipped there.
class KernelTest : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  template <typename T>
  DeviceArray<T> upload(const std::vector<T>& values) const {
    return DeviceArray<T>(stream, values);
  }
  template <typename T>
  DeviceArray<T> results(std::size_t size) const {
    return DeviceArray<T>(stream, size);
  }

  cudaStream_t stream = nullptr;
};

/// `size` numbers in [-1, 1), the same for the same seed.
std::vector<float> random_numbers(std::size_t size, std::uint32_t seed);

/// `size` whole numbers from -8 to 8: sums of some thousands of them are exact in float, in any order.
std::vector<float> random_integers(std::size_t size, std::uint32_t seed);

/// Expects the same bits, -0 unlike 0; any NaN will do for another. Names the first difference.
void expect_same(const std::vector<float>& actual, const std::vector<float>& expected);

/// Expects each number within absolute + relative * |expected|, and NaN for NaN. Names the first difference.
void expect_near(const std::vector<float>& actual, const std::vector<double>& expected, double absolute,
                 double relative);

}  // namespace nib::kernels
