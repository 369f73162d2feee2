#include "engines/cuda/library/convolution_pass.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "engines/cuda/library/graph.h"

namespace nib::cuda {
namespace {

using Kind = ConvolutionPass::Kind;

/// A way that wants more workspace than this is left out.
constexpr std::size_t most_workspace = std::size_t{1} << 30;

/// Runs that are timed where the fastest way is wanted, behind one that loads its kernels.
constexpr int timed_runs = 10;

struct ListedAlgorithm {
  int number;
  bool repeatable = true;
};

/// The algorithms that cuDNN's tables list for packed NHWC floats, those that repeat first: the others add with
/// atomics, in whatever order the GPU comes by.
std::vector<ListedAlgorithm> listed_algorithms(Kind kind, cudnnTensorFormat_t weights_format) {
  const bool planar = weights_format == CUDNN_TENSOR_NCHW;
  switch (kind) {
    case Kind::forward:
      if (planar)
        return {{CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM}, {CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM}};
      return {{CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM}};
    case Kind::backward_weights:
      if (planar)
        return {{CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1},
                {CUDNN_CONVOLUTION_BWD_FILTER_ALGO_WINOGRAD_NONFUSED},
                {CUDNN_CONVOLUTION_BWD_FILTER_ALGO_0, false}};
      return {{CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1}, {CUDNN_CONVOLUTION_BWD_FILTER_ALGO_0, false}};
    case Kind::backward_input:
      if (planar) return {};  // listed for NCHW gradients only
      return {{CUDNN_CONVOLUTION_BWD_DATA_ALGO_1}, {CUDNN_CONVOLUTION_BWD_DATA_ALGO_0, false}};
  }
  return {};
}

/// (filters, height, width, 1) is the same memory whichever of the two layouts it is said to have.
std::vector<cudnnTensorFormat_t> weights_formats(std::uint32_t channels) {
  if (channels == 1) return {CUDNN_TENSOR_NCHW, CUDNN_TENSOR_NHWC};
  return {CUDNN_TENSOR_NHWC};
}

/// The default is TF32 for floats where the GPU has it, so FP32 is always asked for by name. Which name TF32 is best
/// asked for by is not documented: the default is what other programs train with.
std::vector<cudnnMathType_t> math_types(Precision precision) {
  if (precision == Precision::tf32) return {CUDNN_DEFAULT_MATH, CUDNN_TENSOR_OP_MATH, CUDNN_FMA_MATH};
  return {CUDNN_FMA_MATH};
}

const char* name_of(cudnnMathType_t math) {
  return math == CUDNN_FMA_MATH ? "FMA" : math == CUDNN_TENSOR_OP_MATH ? "tensor" : "default";
}

FilterDescriptor make_weights(const ConvolutionShape& shape, cudnnTensorFormat_t format) {
  return make_filter(format, shape.filters, shape.channels, shape.kernel_height, shape.kernel_width);
}

ConvolutionDescriptor make_convolution(const ConvolutionShape& shape, cudnnMathType_t math) {
  cudnnConvolutionDescriptor_t raw = nullptr;
  NIB_CHECK_CUDNN(cudnnCreateConvolutionDescriptor(&raw));
  ConvolutionDescriptor convolution(raw);
  NIB_CHECK_CUDNN(cudnnSetConvolution2dDescriptor(raw, whole(shape.pad_height), whole(shape.pad_width),
                                                  whole(shape.stride_height), whole(shape.stride_width), 1, 1,
                                                  CUDNN_CROSS_CORRELATION, CUDNN_DATA_FLOAT));
  NIB_CHECK_CUDNN(cudnnSetConvolutionMathType(raw, math));
  return convolution;
}

constexpr float one = 1, zero = 0;

}  // namespace

ConvolutionPass::ConvolutionPass(const Context& context, const Lane& lane, const ConvolutionShape& shape, Kind kind,
                                 std::string name)
    : context_(&context),
      lane_(&lane),
      kind_(kind),
      name_(std::move(name)),
      input_(make_tensor(shape.rows, shape.channels, shape.height, shape.width)),
      output_(make_tensor(shape.rows, shape.filters, shape.output_height, shape.output_width)),
      ways_(ways(shape)) {
  for (Way& way : ways_) {
    if (ask(way) != CUDNN_STATUS_SUCCESS) continue;
    reserved_bytes_ = std::max(reserved_bytes_, way.workspace_bytes);
    if (!context.fast()) break;
  }
}

std::vector<ConvolutionPass::Way> ConvolutionPass::ways(const ConvolutionShape& shape) const {
  std::vector<Way> all;
  for (const cudnnTensorFormat_t format : weights_formats(shape.channels))
    for (const ListedAlgorithm& algorithm : listed_algorithms(kind_, format))
      for (const cudnnMathType_t math : math_types(context_->precision()))
        all.push_back({.algorithm = algorithm.number,
                       .math = math,
                       .weights_format = format,
                       .repeatable = algorithm.repeatable,
                       .convolution = make_convolution(shape, math),
                       .weights = make_weights(shape, format)});
  std::stable_partition(all.begin(), all.end(), [](const Way& way) { return way.repeatable; });
  return all;
}

cudnnStatus_t ConvolutionPass::ask(Way& way) const {
  if (!way.answer) {
    way.answer = query_workspace(way, &way.workspace_bytes);
    if (way.answer == CUDNN_STATUS_SUCCESS && way.workspace_bytes > most_workspace)
      way.answer = CUDNN_STATUS_NOT_SUPPORTED;
  }
  return *way.answer;
}

cudnnStatus_t ConvolutionPass::query_workspace(const Way& way, std::size_t* bytes) const {
  const cudnnHandle_t cudnn = lane_->cudnn.get();
  const cudnnConvolutionDescriptor_t convolution = way.convolution.get();
  switch (kind_) {
    case Kind::forward:
      return cudnnGetConvolutionForwardWorkspaceSize(cudnn, input_.get(), way.weights.get(), convolution, output_.get(),
                                                     static_cast<cudnnConvolutionFwdAlgo_t>(way.algorithm), bytes);
    case Kind::backward_weights:
      return cudnnGetConvolutionBackwardFilterWorkspaceSize(
          cudnn, input_.get(), output_.get(), convolution, way.weights.get(),
          static_cast<cudnnConvolutionBwdFilterAlgo_t>(way.algorithm), bytes);
    case Kind::backward_input:
      return cudnnGetConvolutionBackwardDataWorkspaceSize(
          cudnn, way.weights.get(), output_.get(), convolution, input_.get(),
          static_cast<cudnnConvolutionBwdDataAlgo_t>(way.algorithm), bytes);
  }
  return CUDNN_STATUS_BAD_PARAM;
}

cudnnStatus_t ConvolutionPass::call(const Way& way, const Operands& operands) const {
  const cudnnHandle_t cudnn = lane_->cudnn.get();
  const cudnnConvolutionDescriptor_t convolution = way.convolution.get();
  const auto& [first, second, result] = operands;
  const std::size_t bytes = way.workspace_bytes;
  void* const workspace = bytes > reserved_bytes_ ? own_.get() : reserved_;
  switch (kind_) {
    case Kind::forward:
      return cudnnConvolutionForward(cudnn, &one, input_.get(), first, way.weights.get(), second, convolution,
                                     static_cast<cudnnConvolutionFwdAlgo_t>(way.algorithm), workspace, bytes, &zero,
                                     output_.get(), result);
    case Kind::backward_weights:
      return cudnnConvolutionBackwardFilter(cudnn, &one, input_.get(), first, output_.get(), second, convolution,
                                            static_cast<cudnnConvolutionBwdFilterAlgo_t>(way.algorithm), workspace,
                                            bytes, &zero, way.weights.get(), result);
    case Kind::backward_input:
      return cudnnConvolutionBackwardData(cudnn, &one, way.weights.get(), first, output_.get(), second, convolution,
                                          static_cast<cudnnConvolutionBwdDataAlgo_t>(way.algorithm), workspace, bytes,
                                          &zero, input_.get(), result);
  }
  return CUDNN_STATUS_BAD_PARAM;
}

std::optional<std::string> ConvolutionPass::refusal(Way& way, const Operands& scratch) {
  cudnnStatus_t status = ask(way);
  if (status == CUDNN_STATUS_SUCCESS) {
    if (way.workspace_bytes > reserved_bytes_) own_.ensure(way.workspace_bytes, name_ + "'s workspace");
    status = call(way, scratch);
  }
  // The status of the work behind a call that cuDNN took, as far as it can be had without ending the process.
  if (status == CUDNN_STATUS_SUCCESS && cudaStreamSynchronize(lane_->stream.get()) != cudaSuccess)
    status = CUDNN_STATUS_EXECUTION_FAILED;
  if (status != CUDNN_STATUS_SUCCESS) return cudnnGetErrorString(status);
  try {
    CapturedWork::try_out(lane_->stream.get(), [&] { NIB_CHECK_CUDNN(call(way, scratch)); });
    return std::nullopt;
  } catch (const Error& error) {
    return error.what() + std::string(" (in a capture)");
  }
}

float ConvolutionPass::milliseconds(const Way& way, const Operands& scratch) const {
  const cudaStream_t stream = lane_->stream.get();
  const Event begin = make_timing_event(), end = make_timing_event();
  NIB_CHECK_CUDA(cudaEventRecord(begin.get(), stream));
  for (int i = 0; i < timed_runs; ++i) NIB_CHECK_CUDNN(call(way, scratch));
  NIB_CHECK_CUDA(cudaEventRecord(end.get(), stream));
  NIB_CHECK_CUDA(cudaEventSynchronize(end.get()));
  float time = 0;
  NIB_CHECK_CUDA(cudaEventElapsedTime(&time, begin.get(), end.get()));
  return time;
}

void ConvolutionPass::choose(const Operands& scratch, void* workspace) {
  reserved_ = workspace;
  std::string answers;
  float best_time = 0;
  for (Way& way : ways_) {
    if (const auto answer = refusal(way, scratch)) {
      static_cast<void>(cudaGetLastError());
      answers += fmt::format("{}{}: {}", answers.empty() ? "" : "; ", text(way), *answer);
      continue;
    }
    if (!context_->fast()) {
      chosen_ = &way;
      return;
    }
    const float time = milliseconds(way, scratch);
    if (!chosen_ || time < best_time) {
      chosen_ = &way;
      best_time = time;
    }
  }
  if (chosen_) return;
  throw device_error({.file = "cuDNN",
                      .field = name_,
                      .problem = "no algorithm runs on this GPU",
                      .got = answers,
                      .hint = "another version of cuDNN may, or use " + setting("device") + " cpu"});
}

void ConvolutionPass::run(const Operands& operands) const { NIB_CHECK_CUDNN(call(*chosen_, operands)); }

std::string ConvolutionPass::text(const Way& way) const {
  const bool mixed = way.weights_format != CUDNN_TENSOR_NHWC;
  return fmt::format("algorithm {}, {} math{}", way.algorithm, name_of(way.math), mixed ? ", NCHW weights" : "");
}

std::string ConvolutionPass::unusual() const { return chosen_ == &ways_.front() ? "" : name_ + ": " + text(*chosen_); }

}  // namespace nib::cuda
