#include "engines/cuda/library/handle.h"

namespace nib::cuda {

Stream make_stream() {
  cudaStream_t stream = nullptr;
  NIB_CHECK_CUDA(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
  return Stream(stream);
}

Event make_event() {
  cudaEvent_t event = nullptr;
  NIB_CHECK_CUDA(cudaEventCreateWithFlags(&event, cudaEventDisableTiming));
  return Event(event);
}

Event make_timing_event() {
  cudaEvent_t event = nullptr;
  NIB_CHECK_CUDA(cudaEventCreateWithFlags(&event, cudaEventDefault));
  return Event(event);
}

TensorDescriptor make_tensor(std::uint32_t rows, std::uint32_t channels, std::uint32_t height, std::uint32_t width) {
  cudnnTensorDescriptor_t raw = nullptr;
  NIB_CHECK_CUDNN(cudnnCreateTensorDescriptor(&raw));
  TensorDescriptor tensor(raw);
  NIB_CHECK_CUDNN(cudnnSetTensor4dDescriptor(raw, CUDNN_TENSOR_NHWC, CUDNN_DATA_FLOAT, whole(rows), whole(channels),
                                             whole(height), whole(width)));
  return tensor;
}

FilterDescriptor make_filter(cudnnTensorFormat_t format, std::uint32_t filters, std::uint32_t channels,
                             std::uint32_t height, std::uint32_t width) {
  cudnnFilterDescriptor_t raw = nullptr;
  NIB_CHECK_CUDNN(cudnnCreateFilterDescriptor(&raw));
  FilterDescriptor filter(raw);
  NIB_CHECK_CUDNN(cudnnSetFilter4dDescriptor(raw, CUDNN_DATA_FLOAT, format, whole(filters), whole(channels),
                                             whole(height), whole(width)));
  return filter;
}

}  // namespace nib::cuda
