#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engines/cuda/library/context.h"
#include "engines/cuda/library/memory.h"

namespace nib::cuda {

struct ConvolutionShape {
  std::uint32_t rows = 0, height = 0, width = 0, channels = 0;  ///< of the input
  std::uint32_t filters = 0, kernel_height = 0, kernel_width = 0;
  std::uint32_t stride_height = 1, stride_width = 1;
  std::uint32_t pad_height = 0, pad_width = 0;  ///< zeros on either side
  std::uint32_t output_height = 0, output_width = 0;
};

/// A convolution, or one of its two gradients, with cuDNN: input and output NHWC, weights (filters, height, width,
/// channels).
///
/// There are several ways to have cuDNN compute it: an algorithm, a math type and a layout that the weights are said to
/// have. cuDNN's documentation names those that exist, but not where each runs; and that cuDNN answers a query for its
/// workspace proves nothing. So choose() takes the first of a fixed list that can be run and captured. What gives the
/// same bits from run to run comes first, and the rest is a last resort; where the context allows both, the fastest of
/// all is taken.
class ConvolutionPass {
 public:
  enum class Kind { forward, backward_weights, backward_input };

  /// Runs in `lane`, which outlives it, as does the context. `name` is for messages: "conv1 forward".
  ConvolutionPass(const Context& context, const Lane& lane, const ConvolutionShape& shape, Kind kind, std::string name);

  /// Of the first way that cuDNN gives an answer for, or the most of all where the fastest is wanted.
  std::size_t workspace_bytes() const { return reserved_bytes_; }

  /// What a pass reads and writes, of the right sizes. Forward: input, weights -> output. Of the weights: input, output
  /// gradient -> weights gradient. Of the input: weights, output gradient -> input gradient.
  struct Operands {
    const float *first, *second;
    float* result;
  };

  /// Settles how the pass is computed; `scratch` holds numbers that do not matter, and its result gets lost.
  /// `workspace` holds workspace_bytes() and is used from then on; where that is not enough for the way that runs, the
  /// pass has memory of its own. Throws Error (device) naming the pass and cuDNN's answers when nothing runs.
  void choose(const Operands& scratch, void* workspace);

  void run(const Operands& operands) const;

  /// The way that was chosen gives the same bits from run to run.
  bool repeatable() const { return chosen_->repeatable; }
  /// "conv1 forward: algorithm 0, FMA math" where the first way was not the one; else empty.
  std::string unusual() const;
  const std::string& name() const { return name_; }

 private:
  struct Way {
    int algorithm = 0;
    cudnnMathType_t math = CUDNN_FMA_MATH;
    cudnnTensorFormat_t weights_format = CUDNN_TENSOR_NHWC;
    bool repeatable = true;
    ConvolutionDescriptor convolution{};
    FilterDescriptor weights{};
    std::optional<cudnnStatus_t> answer{};  ///< when asked for its workspace; none: not asked yet
    std::size_t workspace_bytes = 0;
  };
  std::string text(const Way& way) const;
  std::vector<Way> ways(const ConvolutionShape& shape) const;
  /// Asks cuDNN for the way's workspace, once.
  cudnnStatus_t ask(Way& way) const;
  cudnnStatus_t query_workspace(const Way& way, std::size_t* bytes) const;
  cudnnStatus_t call(const Way& way, const Operands& operands) const;
  /// Runs the way and captures it. Why not, if so.
  std::optional<std::string> refusal(Way& way, const Operands& scratch);
  float milliseconds(const Way& way, const Operands& scratch) const;

  const Context* context_;
  const Lane* lane_;
  Kind kind_;
  std::string name_;
  TensorDescriptor input_, output_;
  std::vector<Way> ways_;
  const Way* chosen_ = nullptr;
  std::size_t reserved_bytes_ = 0;
  void* reserved_ = nullptr;
  DeviceArray<std::byte> own_;
};

}  // namespace nib::cuda
