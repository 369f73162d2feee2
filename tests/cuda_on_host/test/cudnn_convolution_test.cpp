#include <bit>
#include <cmath>
#include <cstdint>

#include "cuda_on_host/test/convolution_fixture.h"

namespace nib::cuda_on_host {
namespace {

/// For sums of up to some hundred products of numbers below 1.
void expect_near(const std::vector<float>& actual, const std::vector<double>& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) ASSERT_NEAR(actual[i], expected[i], 1e-5) << "element " << i;
}

class ConvolutionCases : public ConvolutionTest, public testing::WithParamInterface<ConvolutionCase> {
 protected:
  ConvolutionCases() { EXPECT_EQ(cudnnSetStream(layer_.handle, stream_), CUDNN_STATUS_SUCCESS); }
  Convolution layer_{GetParam()};
};

TEST_P(ConvolutionCases, ForwardIsTheSumOfProducts) {
  std::vector<double> expected(GetParam().y_count());
  GetParam().for_each_product([&](std::size_t y, std::size_t x, std::size_t w) {
    expected[y] += double{layer_.x_values[x]} * layer_.w_values[w];
  });
  layer_.ask(precomputed);
  ASSERT_EQ(layer_.run(precomputed), CUDNN_STATUS_SUCCESS);
  synchronize();
  expect_near(layer_.y_data.values(), expected);
}

TEST_P(ConvolutionCases, InputGradientIsTheSumOfProducts) {
  std::vector<double> expected(GetParam().x_count());
  GetParam().for_each_product([&](std::size_t y, std::size_t x, std::size_t w) {
    expected[x] += double{layer_.y_values[y]} * layer_.w_values[w];
  });
  layer_.ask(data_1);
  ASSERT_EQ(layer_.run(data_1), CUDNN_STATUS_SUCCESS);
  synchronize();
  expect_near(layer_.x_data.values(), expected);
}

TEST_P(ConvolutionCases, FilterGradientIsTheSumOfProducts) {
  std::vector<double> expected(GetParam().w_count());
  GetParam().for_each_product([&](std::size_t y, std::size_t x, std::size_t w) {
    expected[w] += double{layer_.y_values[y]} * layer_.x_values[x];
  });
  layer_.ask(filter_1);
  ASSERT_EQ(layer_.run(filter_1), CUDNN_STATUS_SUCCESS);
  synchronize();
  expect_near(layer_.w_data.values(), expected);
}

TEST_P(ConvolutionCases, AlphaAndBetaScaleResultAndOutput) {
  std::vector<double> expected;
  for (const float value : layer_.y_values) expected.push_back(-3 * double{value});
  GetParam().for_each_product([&](std::size_t y, std::size_t x, std::size_t w) {
    expected[y] += 0.5 * layer_.x_values[x] * layer_.w_values[w];
  });
  layer_.ask(precomputed);
  ASSERT_EQ(layer_.run(precomputed, 0.5f, -3.0f), CUDNN_STATUS_SUCCESS);
  synchronize();
  expect_near(layer_.y_data.values(), expected);
}

INSTANTIATE_TEST_SUITE_P(
    All, ConvolutionCases,
    testing::Values(
        ConvolutionCase{}, ConvolutionCase{.format = CUDNN_TENSOR_NCHW},
        ConvolutionCase{.pad_height = 1, .pad_width = 1}, ConvolutionCase{.stride_height = 2},
        ConvolutionCase{.filter_height = 5, .pad_height = 2, .pad_width = 1, .stride_width = 3},
        // The last input row and column lie under no window; the padding is wider than the stride.
        ConvolutionCase{
            .pad_height = 2, .pad_width = 1, .stride_height = 4, .stride_width = 4, .format = CUDNN_TENSOR_NCHW},
        ConvolutionCase{.images = 1, .channels = 1, .filters = 1, .filter_height = 1, .filter_width = 1},
        ConvolutionCase{.channels = 1, .filters = 32, .filter_width = 3},
        ConvolutionCase{.channels = 9, .height = 3, .width = 2, .filters = 7}));

TEST_F(ConvolutionTest, WithBetaZeroTheOutputIsNotRead) {
  Convolution layer({});
  cudnnSetStream(layer.handle, stream_);
  layer.ask(precomputed);
  // As device memory starts.
  const std::vector<float> nan(layer.shape.y_count(), std::nanf(""));
  cudaMemcpy(layer.y_data.get(), nan.data(), layer.y_data.bytes(), cudaMemcpyHostToDevice);
  ASSERT_EQ(layer.run(precomputed), CUDNN_STATUS_SUCCESS);
  synchronize();
  for (const float value : layer.y_data.values()) ASSERT_TRUE(std::isfinite(value));
}

TEST_F(ConvolutionTest, DefaultMathRoundsTheOperandsToTf32) {
  // One product: 1 + 2^-11 becomes 1 + 2^-10 (a tie, away from zero), 1 + 2^-12 becomes 1.
  Convolution layer(
      {.images = 1, .channels = 1, .height = 1, .width = 1, .filters = 1, .filter_height = 1, .filter_width = 1},
      CUDNN_DEFAULT_MATH);
  cudnnSetStream(layer.handle, stream_);
  layer.ask(precomputed);
  const float x = 1 + 0x1p-11f, w = -(1 + 0x1p-12f);
  cudaMemcpy(layer.x_data.get(), &x, sizeof x, cudaMemcpyHostToDevice);
  cudaMemcpy(layer.w_data.get(), &w, sizeof w, cudaMemcpyHostToDevice);
  ASSERT_EQ(layer.run(precomputed), CUDNN_STATUS_SUCCESS);
  synchronize();
  EXPECT_EQ(layer.y_data.values().front(), -(1 + 0x1p-10f));

  ASSERT_EQ(cudnnSetConvolutionMathType(layer.convolution, CUDNN_FMA_MATH), CUDNN_STATUS_SUCCESS);
  layer.ask(precomputed);
  ASSERT_EQ(layer.run(precomputed), CUDNN_STATUS_SUCCESS);
  synchronize();
  EXPECT_EQ(layer.y_data.values().front(), x * w);
}

TEST_F(ConvolutionTest, DescriptorsAreReadAtTheCallAndTensorsWhenItRuns) {
  Convolution layer({});
  cudnnSetStream(layer.handle, stream_);
  layer.ask(precomputed);
  ASSERT_EQ(layer.run(precomputed), CUDNN_STATUS_SUCCESS);
  synchronize();
  const std::vector<float> before = layer.y_data.values();

  ASSERT_EQ(cudaMemsetAsync(layer.x_data.get(), 0, layer.x_data.bytes(), stream_), cudaSuccess);
  ASSERT_EQ(layer.run(precomputed), CUDNN_STATUS_SUCCESS);
  ASSERT_EQ(cudnnSetTensor4dDescriptor(layer.x, CUDNN_TENSOR_NHWC, CUDNN_DATA_FLOAT, 1, 1, 1, 1), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(layer.y_data.values(), before);  // nothing has run yet
  synchronize();
  EXPECT_EQ(layer.y_data.values(), std::vector<float>(layer.shape.y_count()));
}

TEST_F(ConvolutionTest, ACapturedCallRunsAtEachLaunch) {
  Convolution layer({});
  cudnnSetStream(layer.handle, stream_);
  layer.ask(precomputed);
  ASSERT_EQ(layer.run(precomputed), CUDNN_STATUS_SUCCESS);
  synchronize();
  const std::vector<float> once = layer.y_data.values();
  capture([&] { ASSERT_EQ(layer.run(precomputed, 1, 1), CUDNN_STATUS_SUCCESS); }, 2);
  const std::vector<float> thrice = layer.y_data.values();
  for (std::size_t i = 0; i < once.size(); ++i) EXPECT_NEAR(thrice[i], 3 * once[i], 1e-5);
}

template <typename Algorithm>
class AlgorithmZero : public ConvolutionTest {};
using BackwardAlgorithms = testing::Types<cudnnConvolutionBwdDataAlgo_t, cudnnConvolutionBwdFilterAlgo_t>;
TYPED_TEST_SUITE(AlgorithmZero, BackwardAlgorithms);

TYPED_TEST(AlgorithmZero, GivesOtherBitsFromRunToRunAndIsCounted) {
  typename TestFixture::Convolution layer({.images = 16, .channels = 4, .filters = 8, .filter_width = 3});
  cudnnSetStream(layer.handle, this->stream_);
  const DeviceFloats& output = std::is_same_v<TypeParam, cudnnConvolutionBwdDataAlgo_t> ? layer.x_data : layer.w_data;
  const auto result = [&](TypeParam algorithm) {
    layer.ask(algorithm);
    EXPECT_EQ(layer.run(algorithm), CUDNN_STATUS_SUCCESS);
    this->synchronize();
    return output.values();
  };
  const TypeParam zero{}, one = static_cast<TypeParam>(1);
  const std::vector<float> fixed = result(one);
  EXPECT_EQ(result(one), fixed);
  EXPECT_EQ(nondeterministic_runs(), 0u);

  const std::vector<float> first = result(zero), second = result(zero);
  EXPECT_NE(first, second);
  EXPECT_EQ(nondeterministic_runs(), 2u);
  for (std::size_t i = 0; i < first.size(); ++i) ASSERT_NEAR(first[i], fixed[i], 1e-4);

  set_library_control({});
  EXPECT_EQ(result(zero), first) << "the order comes from the seed";
}

}  // namespace
}  // namespace nib::cuda_on_host
