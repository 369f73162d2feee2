#include <algorithm>
#include <string>
#include <vector>

#include "cuda_on_host/convolution_loops.h"
#include "cuda_on_host/cudnn_descriptors.h"
#include "cuda_on_host/cudnn_handle.h"
#include "cuda_on_host/library_control.h"
#include "cuda_on_host/random.h"
#include "cuda_on_host/stream_work.h"

namespace nib::cuda_on_host {
namespace {

/// A call's descriptors, by their part in the convolution: x and y are also those of the gradients dx and dy.
struct Descriptors {
  cudnnTensorDescriptor_t x;
  cudnnFilterDescriptor_t w;
  cudnnConvolutionDescriptor_t convolution;
  cudnnTensorDescriptor_t y;
};

/// What a call computes: all that its description and its work depend on, copied at the call.
struct Plan {
  ConvolutionAlgorithm algorithm;
  ConvolutionShape shape;
  cudnnMathType_t math = CUDNN_DEFAULT_MATH;

  bool tf32() const { return math != CUDNN_FMA_MATH; }  // default math turns to TF32 on the GPUs that have it
};

std::string text(const TensorLayout& layout) {
  return (layout.channels_last ? "NHWC " : "NCHW ") + std::to_string(layout.images) + "x" +
         std::to_string(layout.channels) + "x" + std::to_string(layout.height) + "x" + std::to_string(layout.width);
}

std::string description(const Plan& plan) {
  const ConvolutionShape& shape = plan.shape;
  return "pass " + std::to_string(static_cast<int>(plan.algorithm.pass)) + ", algorithm " +
         std::to_string(plan.algorithm.number) + ", math " + std::to_string(plan.math) + ", x " + text(shape.x) +
         ", w " + text(shape.w) + ", y " + text(shape.y) + ", pad " + std::to_string(shape.pad_height) + "," +
         std::to_string(shape.pad_width) + ", stride " + std::to_string(shape.stride_height) + "," +
         std::to_string(shape.stride_width);
}

int algorithm_count(ConvolutionPass pass) {
  switch (pass) {
    case ConvolutionPass::forward:
      return CUDNN_CONVOLUTION_FWD_ALGO_COUNT;
    case ConvolutionPass::backward_data:
      return CUDNN_CONVOLUTION_BWD_DATA_ALGO_COUNT;
    case ConvolutionPass::backward_filter:
      return CUDNN_CONVOLUTION_BWD_FILTER_ALGO_COUNT;
  }
  return 0;
}

/// The backward passes' algorithms 0 add their parts in the order in which threads happen to come.
bool deterministic(const ConvolutionAlgorithm& algorithm) {
  return algorithm.pass == ConvolutionPass::forward || algorithm.number != 0;
}

/// Winograd's algorithm takes few windows, in steps of one pixel.
bool winograd_fits(const ConvolutionShape& shape) {
  const bool window = shape.w.height == shape.w.width && (shape.w.height == 3 || shape.w.height == 5);
  return window && shape.stride_height == 1 && shape.stride_width == 1;
}

/// The algorithms that cuDNN's tables list for packed floats, by the layouts of tensors and filter. What the tables
/// list for NCHW tensors and is not here, no test needs.
bool listed(const Plan& plan) {
  const int number = plan.algorithm.number;
  const bool pixels_last = !plan.shape.x.channels_last, planar_filter = !plan.shape.w.channels_last;
  if (pixels_last) return planar_filter && number <= 1;
  switch (plan.algorithm.pass) {
    case ConvolutionPass::forward:
      return planar_filter ? number <= 1 : number == CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM;
    case ConvolutionPass::backward_data:
      return !planar_filter && number <= 1;
    case ConvolutionPass::backward_filter:
      return number <= 1 || (planar_filter && number == CUDNN_CONVOLUTION_BWD_FILTER_ALGO_WINOGRAD_NONFUSED &&
                             winograd_fits(plan.shape));
  }
  return false;
}

/// cuDNN's kernels for tensor cores read floats by four. Where the channels are no multiple of that, default math falls
/// back on others; a stand-in that asks for the worst refuses tensor math there.
bool math_fits(const Plan& plan) {
  return plan.math != CUDNN_TENSOR_OP_MATH || (plan.shape.x.channels % 4 == 0 && plan.shape.y.channels % 4 == 0);
}

bool refused(const Plan& plan, Refusal::Call call) {
  const std::vector<Refusal> refusals = library_control().refused;
  return std::any_of(refusals.begin(), refusals.end(), [&](const Refusal& refusal) {
    return refusal.pass == plan.algorithm.pass && refusal.algorithm == plan.algorithm.number &&
           refusal.math.value_or(plan.math) == plan.math && refusal.call == call;
  });
}

bool size_fits(const Plan& plan) {
  return !library_control().single_pixels_refused || plan.shape.y.height > 1 || plan.shape.y.width > 1;
}

bool supported(const Plan& plan, bool captured) {
  return size_fits(plan) && listed(plan) && math_fits(plan) && !refused(plan, Refusal::Call::run) &&
         !(captured && refused(plan, Refusal::Call::capture));
}

std::size_t workspace_bytes(const Plan& plan) {
  const auto& chosen = library_control().workspace_bytes;
  if (const auto found = chosen.find(plan.algorithm); found != chosen.end()) return found->second;
  return plan.algorithm.number == 0 ? 0 : plan.shape.w.bytes();
}

/// Checks the descriptors as cuDNN documents it and fills in the plan.
cudnnStatus_t make_plan(const char* call, const Descriptors& descriptors, ConvolutionAlgorithm algorithm, Plan& plan) {
  const auto& [x, w, convolution, y] = descriptors;
  if (!x || !x->value || !w || !w->value || !convolution || !convolution->value || !y || !y->value)
    return CUDNN_STATUS_BAD_PARAM;
  if (algorithm.number < 0 || algorithm.number >= algorithm_count(algorithm.pass)) return CUDNN_STATUS_BAD_PARAM;
  if (x->value->type != w->value->type || x->value->type != y->value->type) return CUDNN_STATUS_BAD_PARAM;
  if (x->value->type != CUDNN_DATA_FLOAT || convolution->value->compute_type != CUDNN_DATA_FLOAT)
    return CUDNN_STATUS_NOT_SUPPORTED;
  const TensorLayout &input = x->value->layout, &filter = w->value->layout, &output = y->value->layout;
  if (output != convolution_output(*convolution->value, input, filter)) return CUDNN_STATUS_BAD_PARAM;
  if (convolution->value->mode != CUDNN_CROSS_CORRELATION || convolution->value->dilated)
    misuse(std::string(call) + ": the stand-in knows cross-correlation without dilation only");
  if (convolution->math == CUDNN_TENSOR_OP_MATH_ALLOW_CONVERSION)
    misuse(std::string(call) + ": this math type may turn floats into halves");
  const cudnnConvolutionStruct::Value& value = *convolution->value;
  plan = {algorithm,
          {input, filter, output, value.pad_height, value.pad_width, value.stride_height, value.stride_width},
          convolution->math};
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t ask_workspace(const char* call, cudnnHandle_t handle, const Descriptors& descriptors,
                            ConvolutionAlgorithm algorithm, std::size_t* bytes) {
  if (const auto forced = forced_status(call)) return *forced;
  if (!handle || !bytes) return CUDNN_STATUS_BAD_PARAM;
  Plan plan;
  if (const cudnnStatus_t status = make_plan(call, descriptors, algorithm, plan); status != CUDNN_STATUS_SUCCESS)
    return status;
  count_workspace_query();
  if (refused(plan, Refusal::Call::query)) return CUDNN_STATUS_NOT_SUPPORTED;
  *bytes = workspace_bytes(plan);
  handle->workspaces[description(plan)] = *bytes;
  return CUDNN_STATUS_SUCCESS;
}

/// 0, 1, 2 ..., shuffled for an algorithm that has no fixed order.
std::vector<unsigned> summation_order(const ConvolutionAlgorithm& algorithm, int count) {
  Random random = deterministic(algorithm) ? Random(0) : nondeterministic_run();
  return ordered(static_cast<std::size_t>(count), deterministic(algorithm) ? Order::ascending : Order::random, random);
}

/// A call as it comes in, before anything is checked. `output` is one of x, w and y.
struct Call {
  const char* name;
  cudnnHandle_t handle;
  Descriptors descriptors;
  ConvolutionAlgorithm algorithm;
  const void *alpha, *beta, *x, *w, *y;
  void *output, *workspace;
  std::size_t workspace_bytes;
};

/// A checked call's work, with copies of all that it needs.
struct Work {
  std::string name;
  Plan plan;
  float alpha, beta;
  Operand x, w, y, workspace;
  float* output;

  void check() const {
    switch (plan.algorithm.pass) {
      case ConvolutionPass::forward:
        check_operands(name, y, {x, w});
        break;
      case ConvolutionPass::backward_data:
        check_operands(name, x, {w, y});
        break;
      case ConvolutionPass::backward_filter:
        check_operands(name, w, {x, y});
        break;
    }
    if (workspace.bytes > 0) check_operands(name, workspace, {x, w, y});
  }

  std::vector<float> read(const TensorLayout& layout, const Operand& operand) const {
    return read_channels_last(layout, static_cast<const float*>(operand.pointer), plan.tf32());
  }

  void run() const {
    check();  // again, as the memory may be gone by now
    const ConvolutionShape& shape = plan.shape;
    const auto write = [&](const TensorLayout& layout, const std::vector<float>& result) {
      write_scaled(layout, result, alpha, beta, output);
    };
    switch (plan.algorithm.pass) {
      case ConvolutionPass::forward:
        return write(shape.y, convolution(shape, read(shape.x, x), read(shape.w, w)));
      case ConvolutionPass::backward_data:
        return write(shape.x, convolution_input_gradient(shape, read(shape.w, w), read(shape.y, y),
                                                         summation_order(plan.algorithm, shape.taps())));
      case ConvolutionPass::backward_filter:
        return write(shape.w, convolution_filter_gradient(shape, read(shape.x, x), read(shape.y, y),
                                                          summation_order(plan.algorithm, shape.x.images)));
    }
  }
};

cudnnStatus_t submit(const Call& call) {
  if (const auto forced = forced_status(call.name)) return *forced;
  if (!call.handle || !call.alpha || !call.beta || !call.x || !call.w || !call.y) return CUDNN_STATUS_BAD_PARAM;
  Plan plan;
  if (const cudnnStatus_t status = make_plan(call.name, call.descriptors, call.algorithm, plan);
      status != CUDNN_STATUS_SUCCESS)
    return status;
  require_host(call.alpha, std::string(call.name) + ": alpha");
  require_host(call.beta, std::string(call.name) + ": beta");
  const std::string shapes = description(plan);
  const auto asked = call.handle->workspaces.find(shapes);
  if (asked == call.handle->workspaces.end())
    misuse(std::string(call.name) + ": its workspace size was never asked for: " + shapes);
  if (call.workspace_bytes < asked->second)
    misuse(std::string(call.name) + ": a workspace of " + std::to_string(call.workspace_bytes) + " bytes, but " +
           std::to_string(asked->second) + " are needed: " + shapes);
  const Work work{.name = call.name,
                  .plan = plan,
                  .alpha = *static_cast<const float*>(call.alpha),
                  .beta = *static_cast<const float*>(call.beta),
                  .x = {call.x, plan.shape.x.bytes(), "x"},
                  .w = {call.w, plan.shape.w.bytes(), "w"},
                  .y = {call.y, plan.shape.y.bytes(), "y"},
                  .workspace = {call.workspace, asked->second, "workspace"},
                  .output = static_cast<float*>(call.output)};
  work.check();
  if (!supported(plan, call.handle->captures())) return CUDNN_STATUS_NOT_SUPPORTED;
  const Operand scratch{call.workspace, call.workspace_bytes, "workspace"};
  call.handle->submit(call.name, shapes, scratch, [work, workspace = call.workspace] {
    spoil_workspace(workspace, work.workspace.bytes);
    work.run();
  });
  return CUDNN_STATUS_SUCCESS;
}

}  // namespace
}  // namespace nib::cuda_on_host

using nib::cuda_on_host::ConvolutionPass;

cudnnStatus_t cudnnGetConvolutionForwardWorkspaceSize(cudnnHandle_t handle, cudnnTensorDescriptor_t x,
                                                      cudnnFilterDescriptor_t w,
                                                      cudnnConvolutionDescriptor_t convolution,
                                                      cudnnTensorDescriptor_t y, cudnnConvolutionFwdAlgo_t algorithm,
                                                      std::size_t* bytes) {
  return nib::cuda_on_host::ask_workspace(__func__, handle, {x, w, convolution, y},
                                          {ConvolutionPass::forward, algorithm}, bytes);
}

cudnnStatus_t cudnnGetConvolutionBackwardDataWorkspaceSize(cudnnHandle_t handle, cudnnFilterDescriptor_t w,
                                                           cudnnTensorDescriptor_t dy,
                                                           cudnnConvolutionDescriptor_t convolution,
                                                           cudnnTensorDescriptor_t dx,
                                                           cudnnConvolutionBwdDataAlgo_t algorithm,
                                                           std::size_t* bytes) {
  return nib::cuda_on_host::ask_workspace(__func__, handle, {dx, w, convolution, dy},
                                          {ConvolutionPass::backward_data, algorithm}, bytes);
}

cudnnStatus_t cudnnGetConvolutionBackwardFilterWorkspaceSize(cudnnHandle_t handle, cudnnTensorDescriptor_t x,
                                                             cudnnTensorDescriptor_t dy,
                                                             cudnnConvolutionDescriptor_t convolution,
                                                             cudnnFilterDescriptor_t dw,
                                                             cudnnConvolutionBwdFilterAlgo_t algorithm,
                                                             std::size_t* bytes) {
  return nib::cuda_on_host::ask_workspace(__func__, handle, {x, dw, convolution, dy},
                                          {ConvolutionPass::backward_filter, algorithm}, bytes);
}

cudnnStatus_t cudnnConvolutionForward(cudnnHandle_t handle, const void* alpha, cudnnTensorDescriptor_t x_descriptor,
                                      const void* x, cudnnFilterDescriptor_t w_descriptor, const void* w,
                                      cudnnConvolutionDescriptor_t convolution, cudnnConvolutionFwdAlgo_t algorithm,
                                      void* workspace, std::size_t workspace_bytes, const void* beta,
                                      cudnnTensorDescriptor_t y_descriptor, void* y) {
  return nib::cuda_on_host::submit({.name = __func__,
                                    .handle = handle,
                                    .descriptors = {x_descriptor, w_descriptor, convolution, y_descriptor},
                                    .algorithm = {ConvolutionPass::forward, algorithm},
                                    .alpha = alpha,
                                    .beta = beta,
                                    .x = x,
                                    .w = w,
                                    .y = y,
                                    .output = y,
                                    .workspace = workspace,
                                    .workspace_bytes = workspace_bytes});
}

cudnnStatus_t cudnnConvolutionBackwardData(cudnnHandle_t handle, const void* alpha,
                                           cudnnFilterDescriptor_t w_descriptor, const void* w,
                                           cudnnTensorDescriptor_t dy_descriptor, const void* dy,
                                           cudnnConvolutionDescriptor_t convolution,
                                           cudnnConvolutionBwdDataAlgo_t algorithm, void* workspace,
                                           std::size_t workspace_bytes, const void* beta,
                                           cudnnTensorDescriptor_t dx_descriptor, void* dx) {
  return nib::cuda_on_host::submit({.name = __func__,
                                    .handle = handle,
                                    .descriptors = {dx_descriptor, w_descriptor, convolution, dy_descriptor},
                                    .algorithm = {ConvolutionPass::backward_data, algorithm},
                                    .alpha = alpha,
                                    .beta = beta,
                                    .x = dx,
                                    .w = w,
                                    .y = dy,
                                    .output = dx,
                                    .workspace = workspace,
                                    .workspace_bytes = workspace_bytes});
}

cudnnStatus_t cudnnConvolutionBackwardFilter(cudnnHandle_t handle, const void* alpha,
                                             cudnnTensorDescriptor_t x_descriptor, const void* x,
                                             cudnnTensorDescriptor_t dy_descriptor, const void* dy,
                                             cudnnConvolutionDescriptor_t convolution,
                                             cudnnConvolutionBwdFilterAlgo_t algorithm, void* workspace,
                                             std::size_t workspace_bytes, const void* beta,
                                             cudnnFilterDescriptor_t dw_descriptor, void* dw) {
  return nib::cuda_on_host::submit({.name = __func__,
                                    .handle = handle,
                                    .descriptors = {x_descriptor, dw_descriptor, convolution, dy_descriptor},
                                    .algorithm = {ConvolutionPass::backward_filter, algorithm},
                                    .alpha = alpha,
                                    .beta = beta,
                                    .x = x,
                                    .w = dw,
                                    .y = dy,
                                    .output = dw,
                                    .workspace = workspace,
                                    .workspace_bytes = workspace_bytes});
}
