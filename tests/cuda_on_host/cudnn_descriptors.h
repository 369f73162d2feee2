#pragma once

#include <optional>

#include "cuda_on_host/cudnn.h"
#include "cuda_on_host/products.h"

/// What cuDNN's opaque descriptors hold here. One that was created but never set has no value.

struct cudnnTensorStruct {
  struct Value {
    nib::cuda_on_host::TensorLayout layout;
    cudnnDataType_t type;
  };
  std::optional<Value> value;
};

struct cudnnFilterStruct {
  std::optional<cudnnTensorStruct::Value> value;  ///< images are filters
};

struct cudnnConvolutionStruct {
  struct Value {
    int pad_height, pad_width, stride_height, stride_width;
    bool dilated;
    cudnnConvolutionMode_t mode;
    cudnnDataType_t compute_type;
  };
  std::optional<Value> value;
  cudnnMathType_t math = CUDNN_DEFAULT_MATH;
};

struct cudnnPoolingStruct {
  struct Value {
    cudnnPoolingMode_t mode;
    cudnnNanPropagation_t nan;
    int window_height, window_width, pad_height, pad_width, stride_height, stride_width;
  };
  std::optional<Value> value;
};

namespace nib::cuda_on_host {

/// Outputs of a window that moves along one axis; not positive where it does not fit.
inline int outputs_along(int inputs, int pad, int window, int stride) {
  return inputs + 2 * pad < window ? 0 : (inputs + 2 * pad - window) / stride + 1;
}

/// The output that a convolution of `x` with `w` gives; none where their channels differ or the filter does not fit.
std::optional<TensorLayout> convolution_output(const cudnnConvolutionStruct::Value& convolution, const TensorLayout& x,
                                               const TensorLayout& w);

}  // namespace nib::cuda_on_host
