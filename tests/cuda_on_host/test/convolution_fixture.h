#pragma once

#include <algorithm>
#include <vector>

#include "cuda_on_host/test/library_fixture.h"

namespace nib::cuda_on_host {

/// Sizes of a convolution, and how its tensors lie in memory.
struct ConvolutionCase {
  int images = 2, channels = 3, height = 7, width = 6;
  int filters = 5, filter_height = 3, filter_width = 2;
  int pad_height = 0, pad_width = 0, stride_height = 1, stride_width = 1;
  cudnnTensorFormat_t format = CUDNN_TENSOR_NHWC;

  int out_height() const { return (height + 2 * pad_height - filter_height) / stride_height + 1; }
  int out_width() const { return (width + 2 * pad_width - filter_width) / stride_width + 1; }
  std::size_t x_count() const { return product(images, channels, height, width); }
  std::size_t w_count() const { return product(filters, channels, filter_height, filter_width); }
  std::size_t y_count() const { return product(images, filters, out_height(), out_width()); }

  /// Where element (n, c, h, w) of a tensor with these sizes is.
  struct Sizes {
    int channels, rows, columns;
  };
  std::size_t at(int n, int c, int h, int w, const Sizes& of) const {
    const auto [channel_count, rows, columns] = of;
    return static_cast<std::size_t>(format == CUDNN_TENSOR_NHWC ? ((n * rows + h) * columns + w) * channel_count + c
                                                                : ((n * channel_count + c) * rows + h) * columns + w);
  }
  std::size_t x_at(int n, int c, int h, int w) const { return at(n, c, h, w, {channels, height, width}); }
  std::size_t w_at(int k, int c, int r, int s) const { return at(k, c, r, s, {channels, filter_height, filter_width}); }
  std::size_t y_at(int n, int k, int p, int q) const { return at(n, k, p, q, {filters, out_height(), out_width()}); }

  /// Calls visit(element of y, element of x, element of w) for every product that the convolution sums.
  template <typename Visit>
  void for_each_product(Visit visit) const {
    for (int n = 0; n < images; ++n)
      for (int k = 0; k < filters; ++k)
        for (int p = 0; p < out_height(); ++p)
          for (int q = 0; q < out_width(); ++q)
            for (int c = 0; c < channels; ++c)
              for (int r = 0; r < filter_height; ++r)
                for (int s = 0; s < filter_width; ++s) {
                  const int h = p * stride_height - pad_height + r, w = q * stride_width - pad_width + s;
                  if (h >= 0 && h < height && w >= 0 && w < width)
                    visit(y_at(n, k, p, q), x_at(n, c, h, w), w_at(k, c, r, s));
                }
  }

 private:
  static std::size_t product(int a, int b, int c, int d) { return static_cast<std::size_t>(a * b * c * d); }
};

/// One convolution's handle, descriptors, operands and workspace.
class ConvolutionTest : public LibraryTest {
 protected:
  struct Convolution {
    explicit Convolution(const ConvolutionCase& sizes, cudnnMathType_t math = CUDNN_FMA_MATH) : shape(sizes) {
      EXPECT_EQ(cudnnCreate(&handle), CUDNN_STATUS_SUCCESS);
      EXPECT_EQ(cudnnCreateTensorDescriptor(&x), CUDNN_STATUS_SUCCESS);
      EXPECT_EQ(cudnnCreateTensorDescriptor(&y), CUDNN_STATUS_SUCCESS);
      EXPECT_EQ(cudnnCreateFilterDescriptor(&w), CUDNN_STATUS_SUCCESS);
      EXPECT_EQ(cudnnCreateConvolutionDescriptor(&convolution), CUDNN_STATUS_SUCCESS);
      EXPECT_EQ(cudnnSetTensor4dDescriptor(x, shape.format, CUDNN_DATA_FLOAT, shape.images, shape.channels,
                                           shape.height, shape.width),
                CUDNN_STATUS_SUCCESS);
      EXPECT_EQ(cudnnSetTensor4dDescriptor(y, shape.format, CUDNN_DATA_FLOAT, shape.images, shape.filters,
                                           shape.out_height(), shape.out_width()),
                CUDNN_STATUS_SUCCESS);
      EXPECT_EQ(cudnnSetFilter4dDescriptor(w, CUDNN_DATA_FLOAT, shape.format, shape.filters, shape.channels,
                                           shape.filter_height, shape.filter_width),
                CUDNN_STATUS_SUCCESS);
      EXPECT_EQ(cudnnSetConvolution2dDescriptor(convolution, shape.pad_height, shape.pad_width, shape.stride_height,
                                                shape.stride_width, 1, 1, CUDNN_CROSS_CORRELATION, CUDNN_DATA_FLOAT),
                CUDNN_STATUS_SUCCESS);
      EXPECT_EQ(cudnnSetConvolutionMathType(convolution, math), CUDNN_STATUS_SUCCESS);
    }
    ~Convolution() {
      cudnnDestroyTensorDescriptor(x);
      cudnnDestroyTensorDescriptor(y);
      cudnnDestroyFilterDescriptor(w);
      cudnnDestroyConvolutionDescriptor(convolution);
      cudnnDestroy(handle);
    }
    Convolution(const Convolution&) = delete;
    Convolution& operator=(const Convolution&) = delete;

    std::size_t ask(cudnnConvolutionFwdAlgo_t algorithm) {
      std::size_t bytes = 0;
      EXPECT_EQ(cudnnGetConvolutionForwardWorkspaceSize(handle, x, w, convolution, y, algorithm, &bytes),
                CUDNN_STATUS_SUCCESS);
      return bytes;
    }
    std::size_t ask(cudnnConvolutionBwdDataAlgo_t algorithm) {
      std::size_t bytes = 0;
      EXPECT_EQ(cudnnGetConvolutionBackwardDataWorkspaceSize(handle, w, y, convolution, x, algorithm, &bytes),
                CUDNN_STATUS_SUCCESS);
      return bytes;
    }
    std::size_t ask(cudnnConvolutionBwdFilterAlgo_t algorithm) {
      std::size_t bytes = 0;
      EXPECT_EQ(cudnnGetConvolutionBackwardFilterWorkspaceSize(handle, x, y, convolution, w, algorithm, &bytes),
                CUDNN_STATUS_SUCCESS);
      return bytes;
    }

    /// One call with all of the workspace.
    cudnnStatus_t run(cudnnConvolutionFwdAlgo_t algorithm, float alpha = 1, float beta = 0) {
      return cudnnConvolutionForward(handle, &alpha, x, x_data.get(), w, w_data.get(), convolution, algorithm,
                                     workspace.get(), workspace.bytes(), &beta, y, y_data.get());
    }
    cudnnStatus_t run(cudnnConvolutionBwdDataAlgo_t algorithm, float alpha = 1, float beta = 0) {
      return cudnnConvolutionBackwardData(handle, &alpha, w, w_data.get(), y, y_data.get(), convolution, algorithm,
                                          workspace.get(), workspace.bytes(), &beta, x, x_data.get());
    }
    cudnnStatus_t run(cudnnConvolutionBwdFilterAlgo_t algorithm, float alpha = 1, float beta = 0) {
      return cudnnConvolutionBackwardFilter(handle, &alpha, x, x_data.get(), y, y_data.get(), convolution, algorithm,
                                            workspace.get(), workspace.bytes(), &beta, w, w_data.get());
    }

    ConvolutionCase shape;
    cudnnHandle_t handle = nullptr;
    cudnnTensorDescriptor_t x = nullptr, y = nullptr;
    cudnnFilterDescriptor_t w = nullptr;
    cudnnConvolutionDescriptor_t convolution = nullptr;
    std::vector<float> x_values = random_floats(shape.x_count(), 1), w_values = random_floats(shape.w_count(), 2),
                       y_values = random_floats(shape.y_count(), 3);
    DeviceFloats x_data{x_values}, w_data{w_values}, y_data{y_values}, workspace{16384};
  };

  static constexpr auto precomputed = CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM;
  static constexpr auto data_1 = CUDNN_CONVOLUTION_BWD_DATA_ALGO_1;
  static constexpr auto filter_1 = CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1;
};

}  // namespace nib::cuda_on_host
