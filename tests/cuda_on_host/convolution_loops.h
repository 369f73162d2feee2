#pragma once

#include <span>
#include <vector>

#include "cuda_on_host/products.h"

/// Convolutions (cross-correlations, without dilation) as plain loops. Tensors are (image, row, column, channel),
/// filters (filter, row, column, channel).
namespace nib::cuda_on_host {

struct ConvolutionShape {
  TensorLayout x, w, y;  ///< images of w are filters
  int pad_height = 0, pad_width = 0, stride_height = 1, stride_width = 1;

  int taps() const { return w.height * w.width; }
};

std::vector<float> convolution(const ConvolutionShape& shape, const std::vector<float>& x, const std::vector<float>& w);

/// `tap_order`: each tap of the filter (row-major) once, in the order in which their parts are added.
std::vector<float> convolution_input_gradient(const ConvolutionShape& shape, const std::vector<float>& w,
                                              const std::vector<float>& dy, std::span<const unsigned> tap_order);

/// `image_order`: each image once, in the order in which their gradients are added.
std::vector<float> convolution_filter_gradient(const ConvolutionShape& shape, const std::vector<float>& x,
                                               const std::vector<float>& dy, std::span<const unsigned> image_order);

}  // namespace nib::cuda_on_host
