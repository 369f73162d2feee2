#include <cmath>
#include <vector>

#include "cuda_on_host/test/library_fixture.h"

namespace nib::cuda_on_host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

/// One handle, and a pooling whose sizes each test sets.
class PoolingTest : public LibraryTest {
 protected:
  PoolingTest() {
    EXPECT_EQ(cudnnCreate(&handle_), CUDNN_STATUS_SUCCESS);
    EXPECT_EQ(cudnnSetStream(handle_, stream_), CUDNN_STATUS_SUCCESS);
    EXPECT_EQ(cudnnCreateTensorDescriptor(&x_), CUDNN_STATUS_SUCCESS);
    EXPECT_EQ(cudnnCreateTensorDescriptor(&y_), CUDNN_STATUS_SUCCESS);
    EXPECT_EQ(cudnnCreatePoolingDescriptor(&pooling_), CUDNN_STATUS_SUCCESS);
  }
  ~PoolingTest() override {
    cudnnDestroyTensorDescriptor(x_);
    cudnnDestroyTensorDescriptor(y_);
    cudnnDestroyPoolingDescriptor(pooling_);
    cudnnDestroy(handle_);
  }

  static cudnnStatus_t set_tensor(cudnnTensorDescriptor_t tensor, int images, int channels, int height, int width) {
    return cudnnSetTensor4dDescriptor(tensor, CUDNN_TENSOR_NHWC, CUDNN_DATA_FLOAT, images, channels, height, width);
  }
  cudnnStatus_t set_window(int height, int width, int stride_height, int stride_width, int pad = 0,
                           cudnnPoolingMode_t mode = CUDNN_POOLING_MAX_DETERMINISTIC,
                           cudnnNanPropagation_t nan = CUDNN_PROPAGATE_NAN) {
    return cudnnSetPooling2dDescriptor(pooling_, mode, nan, height, width, pad, pad, stride_height, stride_width);
  }
  cudnnStatus_t forward(const float* x, float* y) {
    return cudnnPoolingForward(handle_, pooling_, &one_, x_, x, &zero_, y_, y);
  }
  cudnnStatus_t backward(const float* y, const float* dy, const float* x, float* dx) {
    return cudnnPoolingBackward(handle_, pooling_, &one_, y_, y, y_, dy, x_, x, &zero_, x_, dx);
  }

  const float one_ = 1, zero_ = 0;
  cudnnHandle_t handle_ = nullptr;
  cudnnTensorDescriptor_t x_ = nullptr, y_ = nullptr;
  cudnnPoolingDescriptor_t pooling_ = nullptr;
};

TEST_F(PoolingTest, TakesTheMaximaOfOverlappingWindowsAndGivesTheirGradientsBack) {
  set_tensor(x_, 1, 2, 2, 5);
  set_tensor(y_, 1, 2, 1, 2);
  set_window(2, 3, 1, 2);
  // Channel 0 | channel 1, interleaved; the windows share column 2, where channel 0 has the maximum of both.
  const DeviceFloats x({1, 8, 2, 7, 9, 0, 4, 1, 3, 2,  //
                        5, 6, 6, 5, 7, 1, 8, 3, 0, 9});
  const DeviceFloats y(4), dy({1, 10, 2, 20}), dx(20);
  ASSERT_EQ(forward(x.get(), y.get()), CUDNN_STATUS_SUCCESS);
  ASSERT_EQ(backward(y.get(), dy.get(), x.get(), dx.get()), CUDNN_STATUS_SUCCESS);
  synchronize();
  EXPECT_THAT(y.values(), ElementsAre(9, 8, 9, 9));
  EXPECT_THAT(dx.values(), ElementsAre(0, 10, 0, 0, 3, 0, 0, 0, 0, 0,  //
                                       0, 0, 0, 0, 0, 0, 0, 0, 0, 20));
}

TEST_F(PoolingTest, TheFirstOfEqualMaximaGetsTheGradient) {
  set_tensor(x_, 1, 1, 2, 4);
  set_tensor(y_, 1, 1, 1, 2);
  set_window(2, 2, 2, 2);
  const DeviceFloats x({0, 3, 5, 5, 3, 3, 5, 5}), y(2), dy({1, 2}), dx(8);
  ASSERT_EQ(forward(x.get(), y.get()), CUDNN_STATUS_SUCCESS);
  ASSERT_EQ(backward(y.get(), dy.get(), x.get(), dx.get()), CUDNN_STATUS_SUCCESS);
  synchronize();
  EXPECT_THAT(dx.values(), ElementsAre(0, 1, 2, 0, 0, 0, 0, 0));
}

TEST_F(PoolingTest, WindowsMayLeaveGapsAndPaddingNeverWins) {
  set_tensor(x_, 1, 1, 1, 7);
  set_tensor(y_, 1, 1, 1, 2);
  set_window(1, 2, 1, 4);
  const DeviceFloats x({-1, -2, -3, -4, -6, -5, -7}), y(2), dy({1, 2}), dx(7);
  ASSERT_EQ(forward(x.get(), y.get()), CUDNN_STATUS_SUCCESS);
  ASSERT_EQ(backward(y.get(), dy.get(), x.get(), dx.get()), CUDNN_STATUS_SUCCESS);
  synchronize();
  EXPECT_THAT(y.values(), ElementsAre(-1, -5));
  EXPECT_THAT(dx.values(), ElementsAre(1, 0, 0, 0, 0, 2, 0));

  set_tensor(y_, 1, 1, 3, 4);
  EXPECT_EQ(set_window(2, 2, 1, 2, 1), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(forward(x.get(), y.get()), CUDNN_STATUS_BAD_PARAM) << "two rows, not three";
  set_tensor(y_, 1, 1, 2, 4);
  const DeviceFloats padded(8);
  ASSERT_EQ(forward(x.get(), padded.get()), CUDNN_STATUS_SUCCESS);
  synchronize();
  EXPECT_THAT(padded.values(), ElementsAre(-1, -2, -4, -5, -1, -2, -4, -5));
}

TEST_F(PoolingTest, TakesMeansOfOverlappingWindowsWithoutTheirPadding) {
  set_tensor(x_, 1, 1, 2, 5);
  set_tensor(y_, 1, 1, 1, 2);
  set_window(2, 3, 1, 2, 0, CUDNN_POOLING_AVERAGE_COUNT_EXCLUDE_PADDING);
  const DeviceFloats x({1, 2, 9, 4, 3, 5, 6, 7, 8, 0}), y(2), dy({6, 12}), dx(10);
  ASSERT_EQ(forward(x.get(), y.get()), CUDNN_STATUS_SUCCESS);
  ASSERT_EQ(backward(y.get(), dy.get(), x.get(), dx.get()), CUDNN_STATUS_SUCCESS);
  synchronize();
  EXPECT_THAT(y.values(), ElementsAre(5, 31 / 6.0F));
  EXPECT_THAT(dx.values(), ElementsAre(1, 1, 3, 2, 2, 1, 1, 3, 2, 2));

  set_tensor(x_, 1, 1, 1, 2);
  set_tensor(y_, 1, 1, 2, 3);
  set_window(2, 2, 1, 1, 1, CUDNN_POOLING_AVERAGE_COUNT_EXCLUDE_PADDING);
  const DeviceFloats pair({4, 8}), padded(6);
  ASSERT_EQ(forward(pair.get(), padded.get()), CUDNN_STATUS_SUCCESS);
  synchronize();
  EXPECT_THAT(padded.values(), ElementsAre(4, 6, 8, 4, 6, 8));
}

TEST_F(PoolingTest, NanGoesThrough) {
  set_tensor(x_, 1, 1, 1, 4);
  set_tensor(y_, 1, 1, 1, 2);
  set_window(1, 2, 1, 2);
  const DeviceFloats x({std::nanf(""), 9, 9, std::nanf("")}), y(2), dy({1, 2}), dx(4);
  ASSERT_EQ(forward(x.get(), y.get()), CUDNN_STATUS_SUCCESS);
  ASSERT_EQ(backward(y.get(), dy.get(), x.get(), dx.get()), CUDNN_STATUS_SUCCESS);
  synchronize();
  EXPECT_TRUE(std::isnan(y.values()[0]) && std::isnan(y.values()[1]));
  EXPECT_THAT(dx.values(), ElementsAre(1, 0, 0, 2));
}

TEST_F(PoolingTest, RefusesWhatDoesNotFit) {
  EXPECT_EQ(set_window(0, 2, 1, 1), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(set_window(2, 2, 1, 0), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(set_window(2, 2, 1, 1, 2), CUDNN_STATUS_BAD_PARAM);
  const DeviceFloats x(std::vector<float>(8)), y(2);
  set_tensor(x_, 1, 1, 2, 4);
  EXPECT_EQ(forward(x.get(), y.get()), CUDNN_STATUS_BAD_PARAM) << "neither window nor y is set";
  set_window(2, 2, 2, 2);
  set_tensor(y_, 1, 2, 1, 1);
  EXPECT_EQ(forward(x.get(), y.get()), CUDNN_STATUS_BAD_PARAM);
  cudnnSetTensor4dDescriptor(y_, CUDNN_TENSOR_NHWC, CUDNN_DATA_HALF, 1, 1, 1, 2);
  EXPECT_EQ(forward(x.get(), y.get()), CUDNN_STATUS_BAD_PARAM);
  set_tensor(y_, 1, 1, 1, 2);
  EXPECT_EQ(forward(x.get(), nullptr), CUDNN_STATUS_BAD_PARAM);
}

TEST_F(PoolingTest, FailsLoudlyWhereAGpuWouldNot) {
  const DeviceFloats x(std::vector<float>(8)), y(2);
  set_tensor(x_, 1, 1, 2, 4);
  cudnnSetTensor4dDescriptor(y_, CUDNN_TENSOR_NCHW, CUDNN_DATA_FLOAT, 1, 1, 1, 2);
  set_window(2, 2, 2, 2);
  EXPECT_THAT([&] { forward(x.get(), y.get()); }, ThrowsMessage<Misuse>(HasSubstr("mixed layouts")));
  set_tensor(y_, 1, 1, 1, 2);
  EXPECT_THROW(forward(x.get() + 1, y.get()), Misuse);
  EXPECT_THROW(forward(x.get(), x.get() + 6), Misuse);
  set_window(2, 2, 2, 2, 0, CUDNN_POOLING_MAX_DETERMINISTIC, CUDNN_NOT_PROPAGATE_NAN);
  EXPECT_THAT([&] { forward(x.get(), y.get()); }, ThrowsMessage<Misuse>(HasSubstr("NaN")));
  set_window(2, 2, 2, 2, 0, CUDNN_POOLING_MAX);
  EXPECT_THAT([&] { forward(x.get(), y.get()); }, ThrowsMessage<Misuse>(HasSubstr("DETERMINISTIC")));
  set_window(2, 2, 2, 2);
  EXPECT_THAT([&] { capture([&] { forward(x.get(), y.get()); }); },
              ThrowsMessage<Misuse>(HasSubstr("never before outside one")));
}

}  // namespace
}  // namespace nib::cuda_on_host
