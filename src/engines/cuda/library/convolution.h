#pragma once

#include <optional>
#include <string>

#include "engines/cuda/library/convolution_pass.h"
#include "engines/cuda/library/library_choices.h"

namespace nib::cuda {

/// The three convolutions of a layer, with cuDNN.
///
/// Where there is an input's gradient, that of the weights goes into the side lane, beside it; all else into the main
/// one.
class ConvolutionCalls {
 public:
  enum class Use { evaluation, training, training_without_input_gradient };

  /// `name` is the layer's, for messages.
  ConvolutionCalls(const Context& context, const ConvolutionShape& shape, Use use, const std::string& name);

  PerLane<std::size_t> workspace_bytes() const;

  /// Buffers of the right sizes whose contents do not matter and get lost. Gradients may be null where `use` needs
  /// none.
  struct Scratch {
    float *input, *weights, *output, *input_gradient, *weights_gradient;
  };
  /// `workspaces` hold workspace_bytes() and are used by every call from then on. Throws Error (device) naming the
  /// layer and cuDNN's answers when nothing runs.
  void choose_algorithms(const Scratch& scratch, const PerLane<void*>& workspaces);

  /// Behind choose_algorithms().
  LibraryChoices choices() const;

  void forward(float* output, const float* input, const float* weights) const {
    forward_.run({input, weights, output});
  }
  void backward_weights(float* weights_gradient, const float* input, const float* output_gradient) const {
    backward_weights_->run({input, output_gradient, weights_gradient});
  }
  void backward_input(float* input_gradient, const float* output_gradient, const float* weights) const {
    backward_input_->run({weights, output_gradient, input_gradient});
  }

 private:
  ConvolutionPass forward_;
  std::optional<ConvolutionPass> backward_weights_, backward_input_;
};

}  // namespace nib::cuda
