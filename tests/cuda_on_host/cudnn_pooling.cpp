#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "cuda_on_host/cudnn_descriptors.h"
#include "cuda_on_host/cudnn_handle.h"
#include "cuda_on_host/stream_work.h"

namespace nib::cuda_on_host {
namespace {

/// What a call computes, copied at the call. Gradients are laid out as the tensors that they belong to.
struct Plan {
  cudnnPoolingStruct::Value window;
  TensorLayout x, y;
  float alpha, beta;
};

/// Part [first, end) of an axis that the window of an output covers; padding is left out.
struct Range {
  int first, end;
};

Range covered(int output, int stride, int pad, int window, int inputs) {
  const int begin = output * stride - pad;
  return {std::max(begin, 0), std::min(begin + window, inputs)};
}

/// The elements of x that an output's window covers, in row-major order. Elements are numbered as (image, row, column,
/// channel).
using Window = std::vector<std::size_t>;

/// Calls visit(output element, its window) for every output.
template <typename Visit>
void for_each_window(const Plan& plan, Visit visit) {
  const auto& [mode, nan, window_height, window_width, pad_height, pad_width, stride_height, stride_width] =
      plan.window;
  std::size_t output = 0;
  for (int image = 0; image < plan.y.images; ++image)
    for (int row = 0; row < plan.y.height; ++row)
      for (int column = 0; column < plan.y.width; ++column)
        for (int channel = 0; channel < plan.y.channels; ++channel, ++output) {
          const Range rows = covered(row, stride_height, pad_height, window_height, plan.x.height);
          const Range columns = covered(column, stride_width, pad_width, window_width, plan.x.width);
          Window window;
          for (int r = rows.first; r < rows.end; ++r)
            for (int c = columns.first; c < columns.end; ++c)
              window.push_back(static_cast<std::size_t>(
                  ((image * plan.x.height + r) * plan.x.width + c) * plan.x.channels + channel));
          visit(output, window);
        }
}

/// The first maximum; a NaN counts as the maximum.
std::size_t maximum_of(const Window& window, const std::vector<float>& x) {
  std::size_t maximum = window.front();
  for (const std::size_t i : window)
    if (x[i] > x[maximum] || (std::isnan(x[i]) && !std::isnan(x[maximum]))) maximum = i;
  return maximum;
}

bool is_average(const Plan& plan) { return plan.window.mode == CUDNN_POOLING_AVERAGE_COUNT_EXCLUDE_PADDING; }

/// What a window gives; the mean is of what it covers without the padding.
float pooled(const Plan& plan, const Window& window, const std::vector<float>& x) {
  if (!is_average(plan)) return x[maximum_of(window, x)];
  float sum = 0;
  for (const std::size_t i : window) sum += x[i];
  return sum / static_cast<float>(window.size());
}

/// The factors of a call, as it is given them.
struct Factors {
  const void* alpha;
  const void* beta;
};

/// Checks the descriptors as cuDNN documents it and fills in the plan.
cudnnStatus_t make_plan(const std::string& call, cudnnPoolingDescriptor_t pooling, cudnnTensorDescriptor_t x,
                        cudnnTensorDescriptor_t y, const Factors& factors, Plan& plan) {
  const auto [alpha, beta] = factors;
  if (!pooling || !pooling->value || !x || !x->value || !y || !y->value || !alpha || !beta)
    return CUDNN_STATUS_BAD_PARAM;
  if (x->value->type != y->value->type) return CUDNN_STATUS_BAD_PARAM;
  if (x->value->type != CUDNN_DATA_FLOAT) return CUDNN_STATUS_NOT_SUPPORTED;
  const cudnnPoolingStruct::Value& window = *pooling->value;
  const TensorLayout &in = x->value->layout, &out = y->value->layout;
  if (in.channels_last != out.channels_last) misuse(call + ": mixed layouts");
  const TensorLayout expected{
      in.images, in.channels, outputs_along(in.height, window.pad_height, window.window_height, window.stride_height),
      outputs_along(in.width, window.pad_width, window.window_width, window.stride_width), in.channels_last};
  if (out != expected) return CUDNN_STATUS_BAD_PARAM;
  if (window.mode != CUDNN_POOLING_MAX_DETERMINISTIC && window.mode != CUDNN_POOLING_AVERAGE_COUNT_EXCLUDE_PADDING)
    misuse(call + ": the stand-in knows CUDNN_POOLING_MAX_DETERMINISTIC and AVERAGE_COUNT_EXCLUDE_PADDING only");
  if (window.nan != CUDNN_PROPAGATE_NAN) misuse(call + ": NaN would be hidden");
  require_host(alpha, call + ": alpha");
  require_host(beta, call + ": beta");
  plan = {window, in, out, *static_cast<const float*>(alpha), *static_cast<const float*>(beta)};
  return CUDNN_STATUS_SUCCESS;
}

std::string description(const Plan& plan) {
  std::string text = plan.x.channels_last ? "NHWC" : "NCHW";
  for (const int value : {plan.x.images, plan.x.channels, plan.x.height, plan.x.width, plan.window.window_height,
                          plan.window.window_width, plan.window.pad_height, plan.window.pad_width,
                          plan.window.stride_height, plan.window.stride_width})
    text += " " + std::to_string(value);
  return text;
}

std::vector<float> read(const TensorLayout& layout, const Operand& operand) {
  return read_channels_last(layout, static_cast<const float*>(operand.pointer), false);
}

}  // namespace
}  // namespace nib::cuda_on_host

using nib::cuda_on_host::Operand;

cudnnStatus_t cudnnPoolingForward(cudnnHandle_t handle, cudnnPoolingDescriptor_t pooling, const void* alpha,
                                  cudnnTensorDescriptor_t x_descriptor, const void* x, const void* beta,
                                  cudnnTensorDescriptor_t y_descriptor, void* y) {
  using namespace nib::cuda_on_host;
  const std::string call = __func__;
  if (const auto forced = forced_status(__func__)) return *forced;
  if (!handle || !x || !y) return CUDNN_STATUS_BAD_PARAM;
  Plan plan{};
  if (const auto status = make_plan(call, pooling, x_descriptor, y_descriptor, {alpha, beta}, plan);
      status != CUDNN_STATUS_SUCCESS)
    return status;
  const auto check = [=, input = Operand{x, plan.x.bytes(), "x"}, output = Operand{y, plan.y.bytes(), "y"}] {
    check_operands(call, output, {input});
    return input;
  };
  check();
  handle->submit(call, description(plan), {}, [=] {
    const std::vector<float> values = read(plan.x, check());
    std::vector<float> outputs(plan.y.elements());
    for_each_window(plan, [&](std::size_t out, const Window& window) { outputs[out] = pooled(plan, window, values); });
    write_scaled(plan.y, outputs, plan.alpha, plan.beta, static_cast<float*>(y));
  });
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnPoolingBackward(cudnnHandle_t handle, cudnnPoolingDescriptor_t pooling, const void* alpha,
                                   cudnnTensorDescriptor_t y_descriptor, const void* y,
                                   cudnnTensorDescriptor_t dy_descriptor, const void* dy,
                                   cudnnTensorDescriptor_t x_descriptor, const void* x, const void* beta,
                                   cudnnTensorDescriptor_t dx_descriptor, void* dx) {
  using namespace nib::cuda_on_host;
  const std::string call = __func__;
  if (const auto forced = forced_status(__func__)) return *forced;
  if (!handle || !x || !y || !dx || !dy) return CUDNN_STATUS_BAD_PARAM;
  Plan plan{}, of_gradients{};
  if (const auto status = make_plan(call, pooling, x_descriptor, y_descriptor, {alpha, beta}, plan);
      status != CUDNN_STATUS_SUCCESS)
    return status;
  if (const auto status = make_plan(call, pooling, dx_descriptor, dy_descriptor, {alpha, beta}, of_gradients);
      status != CUDNN_STATUS_SUCCESS)
    return status;
  if (plan.x != of_gradients.x) return CUDNN_STATUS_BAD_PARAM;
  const Operand input{x, plan.x.bytes(), "x"}, gradient{dy, plan.y.bytes(), "dy"};
  const auto check = [=] {
    check_operands(call, {dx, plan.x.bytes(), "dx"}, {input, {y, plan.y.bytes(), "y"}, gradient});
  };
  check();
  handle->submit(call, description(plan), {}, [=] {
    check();
    const std::vector<float> values = read(plan.x, input), output_gradient = read(plan.y, gradient);
    std::vector<float> input_gradient(plan.x.elements());
    for_each_window(plan, [&](std::size_t out, const Window& window) {
      if (!is_average(plan)) {
        input_gradient[maximum_of(window, values)] += output_gradient[out];
        return;
      }
      for (const std::size_t in : window)
        input_gradient[in] += output_gradient[out] / static_cast<float>(window.size());
    });
    write_scaled(plan.x, input_gradient, plan.alpha, plan.beta, static_cast<float*>(dx));
  });
  return CUDNN_STATUS_SUCCESS;
}
