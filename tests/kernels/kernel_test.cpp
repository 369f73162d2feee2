#include "kernels/kernel_test.h"

#include <bit>
#include <cmath>
#include <random>

namespace nib::kernels {

void KernelTest::SetUp() {
  int devices = 0;
  const cudaError_t status = cudaGetDeviceCount(&devices);
  if (status != cudaSuccess) GTEST_SKIP() << "no CUDA device: " << cudaGetErrorString(status);
  if (devices == 0) GTEST_SKIP() << "no CUDA device: the driver knows of none";
  NIB_CHECK_CUDA(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
}

void KernelTest::TearDown() {
  if (stream == nullptr) return;
  EXPECT_EQ(cudaStreamSynchronize(stream), cudaSuccess);
  EXPECT_EQ(cudaStreamDestroy(stream), cudaSuccess);
}

std::vector<float> random_numbers(std::size_t size, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<float> numbers(size);
  for (float& number : numbers) number = static_cast<float>(random() >> 8) * 0x1.0p-23f - 1.0f;
  return numbers;
}

std::vector<float> random_integers(std::size_t size, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<float> numbers(size);
  for (float& number : numbers) number = static_cast<float>(random() % 17) - 8.0f;
  return numbers;
}

void expect_same(const std::vector<float>& actual, const std::vector<float>& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const bool same = std::bit_cast<std::uint32_t>(actual[i]) == std::bit_cast<std::uint32_t>(expected[i]) ||
                      (std::isnan(actual[i]) && std::isnan(expected[i]));
    ASSERT_TRUE(same) << "number " << i << " of " << actual.size() << ": expected " << expected[i] << ", got "
                      << actual[i];
  }
}

void expect_near(const std::vector<float>& actual, const std::vector<double>& expected, double absolute,
                 double relative) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const double difference = std::abs(static_cast<double>(actual[i]) - expected[i]);
    const bool near =
        difference <= absolute + relative * std::abs(expected[i]) || (std::isnan(actual[i]) && std::isnan(expected[i]));
    ASSERT_TRUE(near) << "number " << i << " of " << actual.size() << ": expected " << expected[i] << ", got "
                      << actual[i];
  }
}

}  // namespace nib::kernels
