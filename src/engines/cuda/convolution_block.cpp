// A convolution with bias and activation, and, where one follows, the max-pool behind it.

#include <utility>

#include "engines/cuda/block.h"
#include "engines/cuda/library/convolution.h"
#include "kernels/activation.h"
#include "kernels/padding.h"
#include "kernels/pooling.h"

namespace nib::cuda {
namespace {

/// The input as the convolution reads it. cuDNN pads both sides alike; TensorFlow's "same" may not, and an output that
/// is only partly live may need less: then the image is laid into a frame first.
struct Frame {
  bool needed = false;
  std::uint32_t height = 0, width = 0;
  std::uint32_t pad_height = 0, pad_width = 0;  ///< what cuDNN pads; none with a frame
};

Frame frame_for(const ConvolutionPlan& plan, const ActivationBuffer& input) {
  const auto [height, width] = plan.covered();
  const auto [top, left] = plan.padding;
  const bool symmetric = height == input.height + 2 * top && width == input.width + 2 * left;
  if (symmetric) return {false, input.height, input.width, top, left};
  return {true, height, width, 0, 0};
}

class ConvolutionBlock : public Block {
 public:
  ConvolutionBlock(const Workshop& workshop, ConvolutionPlan plan, const ActivationBuffer& input,
                   const ActivationBuffer& output)
      : context_(workshop.context),
        parameters_(workshop.parameters),
        plan_(std::move(plan)),
        input_(input),
        output_(output),
        frame_(frame_for(plan_, input)),
        calls_(workshop.context, shape(), use(workshop.training), plan_.name) {
    if (plan_.pool) {
      const std::size_t size = std::size_t{output.rows} * plan_.convolved[0] * plan_.convolved[1] * plan_.layer.filters;
      convolved_ = ArenaArray<float>(workshop.arena, size);
      winners_ = ArenaArray<std::uint16_t>(workshop.arena, output.size());
    }
    if (frame_.needed) {
      const std::size_t size = std::size_t{input.rows} * frame_.height * frame_.width * input.channels;
      framed_ = ArenaArray<float>(workshop.arena, size);
      if (wants_input_gradient()) framed_gradient_ = ArenaArray<float>(workshop.arena, size);
    }
    if (workshop.training) bias_partials_ = reserve_bias_partials(workshop, plan_.layer.filters);
  }

  std::string name() const override { return plan_.name; }
  PerLane<std::size_t> workspace_bytes() const override { return calls_.workspace_bytes(); }

  void prepare(const PerLane<void*>& workspaces) override {
    calls_.choose_algorithms({.input = framed(),
                              .weights = weights(),
                              .output = convolved(),
                              .input_gradient = framed_gradient(),
                              .weights_gradient = parameters_.gradient(plan_.weights)},
                             workspaces);
  }

  LibraryChoices library_choices() const override { return calls_.choices(); }

  void forward() override {
    if (frame_.needed) kernels::pad(framed(), input_.values.get(), pad_shape(), context_.stream());
    calls_.forward(convolved(), framed(), weights());
    if (plan_.pool)
      kernels::bias_pool_forward(output_.values.get(), winners_.get(), convolved(), bias_values(), pool_shape(),
                                 context_.stream());
    else
      kernels::bias_activation(output_.values.get(), bias_values(), output_.pixels(), output_.channels, relu(),
                               context_.stream());
  }

  void backward() override {
    // What pooling read is not needed any more: its gradient takes its place.
    if (plan_.pool)
      kernels::bias_pool_backward(convolved(), output_.gradients.get(), output_.values.get(), winners_.get(),
                                  pool_shape(), context_.stream());
    else if (relu())
      kernels::relu_backward(output_.gradients.get(), output_.values.get(), output_.size(), context_.stream());
    if (wants_input_gradient()) context_.fork();
    calls_.backward_weights(parameters_.gradient(plan_.weights), framed(), convolution_gradient());
    if (!wants_input_gradient()) return;
    calls_.backward_input(framed_gradient(), convolution_gradient(), weights());
    if (frame_.needed) kernels::unpad(input_.gradients.get(), framed_gradient(), pad_shape(), context_.stream());
  }

  std::optional<kernels::BiasSegment> bias() const override {
    // What pooling hands back is the smaller tensor, and has the same sum. Without a pool the ReLU is passed already.
    return kernels::BiasSegment{.output_gradient = output_.gradients.get(),
                                .output = plan_.pool && relu() ? output_.values.get() : nullptr,
                                .rows = output_.pixels(),
                                .channels = plan_.layer.filters,
                                .partials = bias_partials_.get()};
  }

  std::vector<kernels::PartialGradient> partial_gradients() const override {
    return {{.parts = bias_partials_.get(),
             .count = kernels::bias_parts,
             .size = plan_.layer.filters,
             .gradient = parameters_.gradient(plan_.weights + 1)}};
  }

 private:
  bool relu() const { return plan_.layer.activation == Activation::relu; }
  bool wants_input_gradient() const { return input_.gradients.size() > 0; }

  ConvolutionCalls::Use use(bool training) const {
    if (!training) return ConvolutionCalls::Use::evaluation;
    return wants_input_gradient() ? ConvolutionCalls::Use::training
                                  : ConvolutionCalls::Use::training_without_input_gradient;
  }

  ConvolutionShape shape() const {
    return {.rows = input_.rows,
            .height = frame_.height,
            .width = frame_.width,
            .channels = input_.channels,
            .filters = plan_.layer.filters,
            .kernel_height = plan_.layer.kernel[0],
            .kernel_width = plan_.layer.kernel[1],
            .stride_height = plan_.layer.stride[0],
            .stride_width = plan_.layer.stride[1],
            .pad_height = frame_.pad_height,
            .pad_width = frame_.pad_width,
            .output_height = plan_.convolved[0],
            .output_width = plan_.convolved[1]};
  }

  kernels::PadShape pad_shape() const {
    return {.rows = input_.rows,
            .height = input_.height,
            .width = input_.width,
            .channels = input_.channels,
            .top = plan_.padding[0],
            .left = plan_.padding[1],
            .framed_height = frame_.height,
            .framed_width = frame_.width};
  }

  kernels::PoolShape pool_shape() const {
    return {.rows = output_.rows,
            .height = plan_.convolved[0],
            .width = plan_.convolved[1],
            .channels = output_.channels,
            .pooled_height = output_.height,
            .pooled_width = output_.width,
            .window_height = plan_.pool->size[0],
            .window_width = plan_.pool->size[1],
            .stride_height = plan_.pool->stride[0],
            .stride_width = plan_.pool->stride[1],
            .relu = relu()};
  }

  float* weights() const { return parameters_.value(plan_.weights); }
  float* bias_values() const { return parameters_.value(plan_.weights + 1); }
  float* framed() const { return frame_.needed ? framed_.get() : input_.values.get(); }
  float* framed_gradient() const { return frame_.needed ? framed_gradient_.get() : input_.gradients.get(); }
  float* convolved() const { return plan_.pool ? convolved_.get() : output_.values.get(); }
  float* convolution_gradient() const { return plan_.pool ? convolved_.get() : output_.gradients.get(); }

  const Context& context_;
  const ParameterStore& parameters_;
  ConvolutionPlan plan_;
  const ActivationBuffer& input_;
  const ActivationBuffer& output_;
  Frame frame_;
  ConvolutionCalls calls_;
  ArenaArray<float> convolved_;        ///< (rows, height, width, filters), with a pool
  ArenaArray<std::uint16_t> winners_;  ///< as the output, with a pool
  ArenaArray<float> framed_, framed_gradient_;
  ArenaArray<float> bias_partials_;
};

}  // namespace

std::unique_ptr<Block> make_convolution(const Workshop& workshop, ConvolutionPlan plan, const ActivationBuffer& input,
                                        const ActivationBuffer& output) {
  return std::make_unique<ConvolutionBlock>(workshop, std::move(plan), input, output);
}

}  // namespace nib::cuda
