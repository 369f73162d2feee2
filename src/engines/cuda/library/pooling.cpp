#include "engines/cuda/library/pooling.h"

namespace nib::cuda {
namespace {

constexpr float one = 1, zero = 0;

}  // namespace

PoolingCalls::PoolingCalls(const Context& context, const MaxPool& layer, std::uint32_t rows, const Shape& input,
                           const Shape& output)
    : PoolingCalls(context, CUDNN_POOLING_MAX_DETERMINISTIC, layer.size, layer.stride, rows, input, output) {}

PoolingCalls::PoolingCalls(const Context& context, const AveragePool& layer, std::uint32_t rows, const Shape& input,
                           const Shape& output)
    : PoolingCalls(context, CUDNN_POOLING_AVERAGE_COUNT_EXCLUDE_PADDING, layer.size, layer.stride, rows, input,
                   output) {}

PoolingCalls::PoolingCalls(const Context& context, cudnnPoolingMode_t mode, const Sides& size, const Sides& stride,
                           std::uint32_t rows, const Shape& input, const Shape& output)
    : context_(&context) {
  input_ = make_tensor(rows, input.channels, input.height, input.width);
  output_ = make_tensor(rows, output.channels, output.height, output.width);
  cudnnPoolingDescriptor_t raw = nullptr;
  NIB_CHECK_CUDNN(cudnnCreatePoolingDescriptor(&raw));
  pooling_ = PoolingDescriptor(raw);
  NIB_CHECK_CUDNN(cudnnSetPooling2dDescriptor(raw, mode, CUDNN_PROPAGATE_NAN, whole(size[0]), whole(size[1]), 0, 0,
                                              whole(stride[0]), whole(stride[1])));
}

void PoolingCalls::forward(float* output, const float* input) const {
  NIB_CHECK_CUDNN(
      cudnnPoolingForward(context_->cudnn(), pooling_.get(), &one, input_.get(), input, &zero, output_.get(), output));
}

void PoolingCalls::backward(float* input_gradient, const float* output_gradient, const float* output,
                            const float* input) const {
  NIB_CHECK_CUDNN(cudnnPoolingBackward(context_->cudnn(), pooling_.get(), &one, output_.get(), output, output_.get(),
                                       output_gradient, input_.get(), input, &zero, input_.get(), input_gradient));
}

}  // namespace nib::cuda
