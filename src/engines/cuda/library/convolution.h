#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engines/cuda/library/context.h"

namespace nib::cuda {

struct ConvolutionShape {
  std::uint32_t rows = 0, height = 0, width = 0, channels = 0;  ///< of the input
  std::uint32_t filters = 0, kernel_height = 0, kernel_width = 0;
  std::uint32_t stride_height = 1, stride_width = 1;
  std::uint32_t pad_height = 0, pad_width = 0;  ///< zeros on either side
  std::uint32_t output_height = 0, output_width = 0;
};

/// The three convolutions of a layer, with cuDNN: input and output NHWC, weights (filters, height, width, channels).
///
/// Which of cuDNN's algorithms does each is settled by choose_algorithms(): the first entry of a fixed table that runs.
/// That cuDNN answers a query for its workspace proves nothing. The tables hold algorithms whose results repeat bit for
/// bit; where the context allows others too, the fastest of all is taken.
///
/// Where there is an input's gradient, that of the weights goes into the side lane, beside it; all else into the main
/// one.
class ConvolutionCalls {
 public:
  enum class Use { evaluation, training, training_without_input_gradient };

  /// `name` is the layer's, for messages.
  ConvolutionCalls(const Context& context, const ConvolutionShape& shape, Use use, std::string name);

  /// Enough for every algorithm in question.
  PerLane<std::size_t> workspace_bytes() const;

  /// Buffers of the right sizes whose contents do not matter and get lost. Gradients may be null where `use` needs
  /// none.
  struct Scratch {
    float *input, *weights, *output, *input_gradient, *weights_gradient;
  };
  /// `workspaces` hold workspace_bytes() and are used by every call from then on. Throws Error (device) naming the
  /// layer and cuDNN's answers when nothing runs.
  void choose_algorithms(const Scratch& scratch, const PerLane<void*>& workspaces);

  void forward(float* output, const float* input, const float* weights) const;
  void backward_weights(float* weights_gradient, const float* input, const float* output_gradient) const;
  void backward_input(float* input_gradient, const float* output_gradient, const float* weights) const;

 private:
  bool beside() const { return use_ == Use::training; }
  const Lane& weights_lane() const { return beside() ? context_->side() : context_->main(); }

  template <typename Algorithm>
  struct Choice {
    Algorithm algorithm{};
    std::size_t workspace_bytes = 0;
    cudnnStatus_t answer = CUDNN_STATUS_SUCCESS;  ///< when asked for its workspace
  };
  using Forward = Choice<cudnnConvolutionFwdAlgo_t>;
  using BackwardWeights = Choice<cudnnConvolutionBwdFilterAlgo_t>;
  using BackwardInput = Choice<cudnnConvolutionBwdDataAlgo_t>;

  std::vector<Forward> forward_choices() const;
  std::vector<BackwardWeights> backward_weights_choices() const;
  std::vector<BackwardInput> backward_input_choices() const;
  cudnnStatus_t run_forward(const Forward& choice, float* output, const float* input, const float* weights) const;
  cudnnStatus_t run_backward_weights(const BackwardWeights& choice, float* weights_gradient, const float* input,
                                     const float* output_gradient) const;
  cudnnStatus_t run_backward_input(const BackwardInput& choice, float* input_gradient, const float* output_gradient,
                                   const float* weights) const;

  const Context* context_;
  Use use_;
  std::string name_;
  TensorDescriptor input_, output_;
  FilterDescriptor weights_;
  ConvolutionDescriptor convolution_;
  PerLane<void*> workspaces_;
  Forward forward_;
  BackwardWeights backward_weights_;
  BackwardInput backward_input_;
};

}  // namespace nib::cuda
