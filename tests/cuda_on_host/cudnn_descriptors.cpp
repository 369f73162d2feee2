#include "cuda_on_host/cudnn_descriptors.h"

#include <array>
#include <cstdint>
#include <limits>

#include "cuda_on_host/cudnn_handle.h"

using nib::cuda_on_host::forced_status;
using nib::cuda_on_host::TensorLayout;

namespace {

template <typename Descriptor>
cudnnStatus_t create(const char* call, Descriptor** descriptor) {
  if (const auto forced = forced_status(call)) return *forced;
  if (!descriptor) return CUDNN_STATUS_BAD_PARAM;
  *descriptor = new Descriptor;
  return CUDNN_STATUS_SUCCESS;
}

template <typename Descriptor>
cudnnStatus_t destroy(Descriptor* descriptor) {
  delete descriptor;
  return CUDNN_STATUS_SUCCESS;
}

bool known(cudnnDataType_t type) {
  return type == CUDNN_DATA_FLOAT || type == CUDNN_DATA_DOUBLE || type == CUDNN_DATA_HALF ||
         type == CUDNN_DATA_BFLOAT16;
}

/// Sets a tensor's or a filter's descriptor: images (or filters), channels, height, width.
template <typename Descriptor>
cudnnStatus_t set_layout(const char* call, Descriptor* descriptor, cudnnTensorFormat_t format, cudnnDataType_t type,
                         const std::array<int, 4>& sizes) {
  if (const auto forced = forced_status(call)) return *forced;
  const auto [images, channels, height, width] = sizes;
  if (!descriptor || !known(type) || (format != CUDNN_TENSOR_NCHW && format != CUDNN_TENSOR_NHWC))
    return CUDNN_STATUS_BAD_PARAM;
  if (images <= 0 || channels <= 0 || height <= 0 || width <= 0) return CUDNN_STATUS_BAD_PARAM;
  const TensorLayout layout{images, channels, height, width, format == CUDNN_TENSOR_NHWC};
  if (layout.elements() > std::numeric_limits<std::int32_t>::max()) return CUDNN_STATUS_NOT_SUPPORTED;
  descriptor->value = cudnnTensorStruct::Value{layout, type};
  return CUDNN_STATUS_SUCCESS;
}

}  // namespace

namespace nib::cuda_on_host {

std::optional<TensorLayout> convolution_output(const cudnnConvolutionStruct::Value& convolution, const TensorLayout& x,
                                               const TensorLayout& w) {
  if (x.channels != w.channels) return std::nullopt;
  const TensorLayout y{
      x.images, w.images, outputs_along(x.height, convolution.pad_height, w.height, convolution.stride_height),
      outputs_along(x.width, convolution.pad_width, w.width, convolution.stride_width), x.channels_last};
  if (y.height <= 0 || y.width <= 0) return std::nullopt;
  return y;
}

}  // namespace nib::cuda_on_host

cudnnStatus_t cudnnCreateTensorDescriptor(cudnnTensorDescriptor_t* tensor) { return create(__func__, tensor); }
cudnnStatus_t cudnnDestroyTensorDescriptor(cudnnTensorDescriptor_t tensor) { return destroy(tensor); }
cudnnStatus_t cudnnCreateFilterDescriptor(cudnnFilterDescriptor_t* filter) { return create(__func__, filter); }
cudnnStatus_t cudnnDestroyFilterDescriptor(cudnnFilterDescriptor_t filter) { return destroy(filter); }
cudnnStatus_t cudnnCreateConvolutionDescriptor(cudnnConvolutionDescriptor_t* convolution) {
  return create(__func__, convolution);
}
cudnnStatus_t cudnnDestroyConvolutionDescriptor(cudnnConvolutionDescriptor_t convolution) {
  return destroy(convolution);
}
cudnnStatus_t cudnnCreatePoolingDescriptor(cudnnPoolingDescriptor_t* pooling) { return create(__func__, pooling); }
cudnnStatus_t cudnnDestroyPoolingDescriptor(cudnnPoolingDescriptor_t pooling) { return destroy(pooling); }

cudnnStatus_t cudnnSetTensor4dDescriptor(cudnnTensorDescriptor_t tensor, cudnnTensorFormat_t format,
                                         cudnnDataType_t type, int images, int channels, int height, int width) {
  return set_layout(__func__, tensor, format, type, {images, channels, height, width});
}

cudnnStatus_t cudnnSetFilter4dDescriptor(cudnnFilterDescriptor_t filter, cudnnDataType_t type,
                                         cudnnTensorFormat_t format, int filters, int channels, int height, int width) {
  return set_layout(__func__, filter, format, type, {filters, channels, height, width});
}

cudnnStatus_t cudnnSetConvolution2dDescriptor(cudnnConvolutionDescriptor_t convolution, int pad_height, int pad_width,
                                              int stride_height, int stride_width, int dilation_height,
                                              int dilation_width, cudnnConvolutionMode_t mode,
                                              cudnnDataType_t compute_type) {
  if (const auto forced = forced_status(__func__)) return *forced;
  if (!convolution || pad_height < 0 || pad_width < 0 || stride_height <= 0 || stride_width <= 0 ||
      dilation_height <= 0 || dilation_width <= 0 || !known(compute_type) ||
      (mode != CUDNN_CONVOLUTION && mode != CUDNN_CROSS_CORRELATION))
    return CUDNN_STATUS_BAD_PARAM;
  convolution->value = {
      pad_height, pad_width,   stride_height, stride_width, dilation_height != 1 || dilation_width != 1,
      mode,       compute_type};
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnSetConvolutionMathType(cudnnConvolutionDescriptor_t convolution, cudnnMathType_t math) {
  if (const auto forced = forced_status(__func__)) return *forced;
  if (!convolution || math < CUDNN_DEFAULT_MATH || math > CUDNN_FMA_MATH) return CUDNN_STATUS_BAD_PARAM;
  convolution->math = math;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnGetConvolution2dForwardOutputDim(cudnnConvolutionDescriptor_t convolution,
                                                    cudnnTensorDescriptor_t input, cudnnFilterDescriptor_t filter,
                                                    int* images, int* channels, int* height, int* width) {
  if (const auto forced = forced_status(__func__)) return *forced;
  if (!convolution || !convolution->value || !input || !input->value || !filter || !filter->value || !images ||
      !channels || !height || !width)
    return CUDNN_STATUS_BAD_PARAM;
  const auto output =
      nib::cuda_on_host::convolution_output(*convolution->value, input->value->layout, filter->value->layout);
  if (!output) return CUDNN_STATUS_BAD_PARAM;
  *images = output->images;
  *channels = output->channels;
  *height = output->height;
  *width = output->width;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnSetPooling2dDescriptor(cudnnPoolingDescriptor_t pooling, cudnnPoolingMode_t mode,
                                          cudnnNanPropagation_t nan, int window_height, int window_width,
                                          int pad_height, int pad_width, int stride_height, int stride_width) {
  if (const auto forced = forced_status(__func__)) return *forced;
  if (!pooling || mode < CUDNN_POOLING_MAX || mode > CUDNN_POOLING_MAX_DETERMINISTIC ||
      (nan != CUDNN_NOT_PROPAGATE_NAN && nan != CUDNN_PROPAGATE_NAN) || window_height <= 0 || window_width <= 0 ||
      pad_height < 0 || pad_width < 0 || pad_height >= window_height || pad_width >= window_width ||
      stride_height <= 0 || stride_width <= 0)
    return CUDNN_STATUS_BAD_PARAM;
  pooling->value = {mode, nan, window_height, window_width, pad_height, pad_width, stride_height, stride_width};
  return CUDNN_STATUS_SUCCESS;
}
