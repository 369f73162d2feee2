#include "engines/cuda/library/convolution.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/error.h"

namespace nib::cuda {
namespace {

/// An algorithm that wants more workspace than this is left out.
constexpr std::size_t most_workspace = std::size_t{1} << 30;

// The first that runs is taken. cuDNN documents the first of each list for packed NHWC floats, and the last one for
// other layouts; it stands there for libraries that can do more than they promise.
constexpr std::array forward_algorithms = {CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM,
                                           CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM,
                                           CUDNN_CONVOLUTION_FWD_ALGO_WINOGRAD_NONFUSED};
constexpr std::array backward_weights_algorithms = {CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1,
                                                    CUDNN_CONVOLUTION_BWD_FILTER_ALGO_WINOGRAD_NONFUSED};
constexpr std::array backward_input_algorithms = {CUDNN_CONVOLUTION_BWD_DATA_ALGO_1,
                                                  CUDNN_CONVOLUTION_BWD_DATA_ALGO_WINOGRAD_NONFUSED};
// These add with atomics, in whatever order the GPU comes by.
constexpr std::array fast_backward_weights_algorithms = {CUDNN_CONVOLUTION_BWD_FILTER_ALGO_0,
                                                         CUDNN_CONVOLUTION_BWD_FILTER_ALGO_3};
constexpr std::array fast_backward_input_algorithms = {CUDNN_CONVOLUTION_BWD_DATA_ALGO_0};

/// Runs that are timed where the fastest algorithm is wanted, behind one that loads its kernels.
constexpr int timed_runs = 10;

template <std::size_t Sure, std::size_t Fast, typename Algorithm>
std::vector<Algorithm> candidates(const Context& context, const std::array<Algorithm, Sure>& sure,
                                  const std::array<Algorithm, Fast>& fast) {
  std::vector<Algorithm> all(sure.begin(), sure.end());
  if (context.fast()) all.insert(all.end(), fast.begin(), fast.end());
  return all;
}

/// All algorithms with what cuDNN answers when asked for their workspace; one that wants too much is not supported
/// here.
template <typename Choice, typename Algorithm, typename Query>
std::vector<Choice> with_workspaces(const std::vector<Algorithm>& algorithms, const Query& query) {
  std::vector<Choice> choices;
  for (const Algorithm algorithm : algorithms) {
    Choice choice{.algorithm = algorithm};
    choice.answer = query(algorithm, &choice.workspace_bytes);
    if (choice.answer == CUDNN_STATUS_SUCCESS && choice.workspace_bytes > most_workspace)
      choice.answer = CUDNN_STATUS_NOT_SUPPORTED;
    if (choice.answer != CUDNN_STATUS_SUCCESS) choice.workspace_bytes = 0;
    choices.push_back(choice);
  }
  return choices;
}

/// The status of the work behind a call that cuDNN took, as far as it can be had without ending the process.
cudnnStatus_t finished(const Lane& lane, cudnnStatus_t status) {
  if (status != CUDNN_STATUS_SUCCESS) return status;
  return cudaStreamSynchronize(lane.stream.get()) == cudaSuccess ? CUDNN_STATUS_SUCCESS : CUDNN_STATUS_EXECUTION_FAILED;
}

template <typename Run>
float milliseconds(const Lane& lane, const Run& run) {
  const Event begin = make_timing_event(), end = make_timing_event();
  NIB_CHECK_CUDA(cudaEventRecord(begin.get(), lane.stream.get()));
  for (int i = 0; i < timed_runs; ++i) NIB_CHECK_CUDNN(run());
  NIB_CHECK_CUDA(cudaEventRecord(end.get(), lane.stream.get()));
  NIB_CHECK_CUDA(cudaEventSynchronize(end.get()));
  float time = 0;
  NIB_CHECK_CUDA(cudaEventElapsedTime(&time, begin.get(), end.get()));
  return time;
}

template <typename Choice, typename Run>
Choice first_that_runs(const Context& context, const Lane& lane, const std::string& what,
                       const std::vector<Choice>& choices, const Run& run) {
  std::string answers;
  std::optional<Choice> best;
  float best_time = 0;
  for (const Choice& choice : choices) {
    const cudnnStatus_t status = choice.answer == CUDNN_STATUS_SUCCESS ? finished(lane, run(choice)) : choice.answer;
    if (status != CUDNN_STATUS_SUCCESS) {
      static_cast<void>(cudaGetLastError());
      answers += fmt::format("{}algorithm {}: {}", answers.empty() ? "" : ", ", static_cast<int>(choice.algorithm),
                             cudnnGetErrorString(status));
      continue;
    }
    if (!context.fast()) return choice;
    const float time = milliseconds(lane, [&] { return run(choice); });
    if (!best || time < best_time) {
      best = choice;
      best_time = time;
    }
  }
  if (best) return *best;
  throw device_error({.file = "cuDNN",
                      .field = what,
                      .problem = "no algorithm runs on this GPU",
                      .got = answers,
                      .hint = "another version of cuDNN may, or use " + setting("device") + " cpu"});
}

ConvolutionDescriptor make_convolution(const Context& context, const ConvolutionShape& shape) {
  cudnnConvolutionDescriptor_t raw = nullptr;
  NIB_CHECK_CUDNN(cudnnCreateConvolutionDescriptor(&raw));
  ConvolutionDescriptor convolution(raw);
  NIB_CHECK_CUDNN(cudnnSetConvolution2dDescriptor(raw, whole(shape.pad_height), whole(shape.pad_width),
                                                  whole(shape.stride_height), whole(shape.stride_width), 1, 1,
                                                  CUDNN_CROSS_CORRELATION, CUDNN_DATA_FLOAT));
  // The default may be TF32 for floats: always say which.
  NIB_CHECK_CUDNN(
      cudnnSetConvolutionMathType(raw, context.precision() == Precision::tf32 ? CUDNN_TENSOR_OP_MATH : CUDNN_FMA_MATH));
  return convolution;
}

constexpr float one = 1, zero = 0;

}  // namespace

ConvolutionCalls::ConvolutionCalls(const Context& context, const ConvolutionShape& shape, Use use, std::string name)
    : context_(&context), use_(use), name_(std::move(name)) {
  input_ = make_tensor(shape.rows, shape.channels, shape.height, shape.width);
  output_ = make_tensor(shape.rows, shape.filters, shape.output_height, shape.output_width);
  weights_ = make_filter(shape.filters, shape.channels, shape.kernel_height, shape.kernel_width);
  convolution_ = make_convolution(context, shape);
}

std::vector<ConvolutionCalls::Forward> ConvolutionCalls::forward_choices() const {
  return with_workspaces<Forward>(
      std::vector(forward_algorithms.begin(), forward_algorithms.end()), [&](auto algorithm, std::size_t* bytes) {
        return cudnnGetConvolutionForwardWorkspaceSize(context_->cudnn(), input_.get(), weights_.get(),
                                                       convolution_.get(), output_.get(), algorithm, bytes);
      });
}

std::vector<ConvolutionCalls::BackwardWeights> ConvolutionCalls::backward_weights_choices() const {
  if (use_ == Use::evaluation) return {};
  return with_workspaces<BackwardWeights>(
      candidates(*context_, backward_weights_algorithms, fast_backward_weights_algorithms),
      [&](auto algorithm, std::size_t* bytes) {
        return cudnnGetConvolutionBackwardFilterWorkspaceSize(weights_lane().cudnn.get(), input_.get(), output_.get(),
                                                              convolution_.get(), weights_.get(), algorithm, bytes);
      });
}

std::vector<ConvolutionCalls::BackwardInput> ConvolutionCalls::backward_input_choices() const {
  if (use_ != Use::training) return {};
  return with_workspaces<BackwardInput>(
      candidates(*context_, backward_input_algorithms, fast_backward_input_algorithms),
      [&](auto algorithm, std::size_t* bytes) {
        return cudnnGetConvolutionBackwardDataWorkspaceSize(context_->cudnn(), weights_.get(), output_.get(),
                                                            convolution_.get(), input_.get(), algorithm, bytes);
      });
}

PerLane<std::size_t> ConvolutionCalls::workspace_bytes() const {
  PerLane<std::size_t> bytes;
  std::size_t& weights = beside() ? bytes.side : bytes.main;
  for (const auto& choice : backward_weights_choices()) weights = std::max(weights, choice.workspace_bytes);
  for (const auto& choice : forward_choices()) bytes.main = std::max(bytes.main, choice.workspace_bytes);
  for (const auto& choice : backward_input_choices()) bytes.main = std::max(bytes.main, choice.workspace_bytes);
  return bytes;
}

void ConvolutionCalls::choose_algorithms(const Scratch& scratch, const PerLane<void*>& workspaces) {
  workspaces_ = workspaces;
  forward_ = first_that_runs(
      *context_, context_->main(), name_ + " forward", forward_choices(),
      [&](const Forward& choice) { return run_forward(choice, scratch.output, scratch.input, scratch.weights); });
  if (use_ == Use::evaluation) return;
  backward_weights_ =
      first_that_runs(*context_, weights_lane(), name_ + " backward (weights)", backward_weights_choices(),
                      [&](const BackwardWeights& choice) {
                        return run_backward_weights(choice, scratch.weights_gradient, scratch.input, scratch.output);
                      });
  if (use_ == Use::training_without_input_gradient) return;
  backward_input_ =
      first_that_runs(*context_, context_->main(), name_ + " backward (input)", backward_input_choices(),
                      [&](const BackwardInput& choice) {
                        return run_backward_input(choice, scratch.input_gradient, scratch.output, scratch.weights);
                      });
}

cudnnStatus_t ConvolutionCalls::run_forward(const Forward& choice, float* output, const float* input,
                                            const float* weights) const {
  return cudnnConvolutionForward(context_->cudnn(), &one, input_.get(), input, weights_.get(), weights,
                                 convolution_.get(), choice.algorithm, workspaces_.main, choice.workspace_bytes, &zero,
                                 output_.get(), output);
}

cudnnStatus_t ConvolutionCalls::run_backward_weights(const BackwardWeights& choice, float* weights_gradient,
                                                     const float* input, const float* output_gradient) const {
  return cudnnConvolutionBackwardFilter(weights_lane().cudnn.get(), &one, input_.get(), input, output_.get(),
                                        output_gradient, convolution_.get(), choice.algorithm,
                                        beside() ? workspaces_.side : workspaces_.main, choice.workspace_bytes, &zero,
                                        weights_.get(), weights_gradient);
}

cudnnStatus_t ConvolutionCalls::run_backward_input(const BackwardInput& choice, float* input_gradient,
                                                   const float* output_gradient, const float* weights) const {
  return cudnnConvolutionBackwardData(context_->cudnn(), &one, weights_.get(), weights, output_.get(), output_gradient,
                                      convolution_.get(), choice.algorithm, workspaces_.main, choice.workspace_bytes,
                                      &zero, input_.get(), input_gradient);
}

void ConvolutionCalls::forward(float* output, const float* input, const float* weights) const {
  NIB_CHECK_CUDNN(run_forward(forward_, output, input, weights));
}

void ConvolutionCalls::backward_weights(float* weights_gradient, const float* input,
                                        const float* output_gradient) const {
  NIB_CHECK_CUDNN(run_backward_weights(backward_weights_, weights_gradient, input, output_gradient));
}

void ConvolutionCalls::backward_input(float* input_gradient, const float* output_gradient, const float* weights) const {
  NIB_CHECK_CUDNN(run_backward_input(backward_input_, input_gradient, output_gradient, weights));
}

}  // namespace nib::cuda
