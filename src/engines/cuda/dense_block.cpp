// A dense layer. Where the head takes part of the layer, it only multiplies: bias and activation belong to the head.

#include <utility>

#include "engines/cuda/block.h"
#include "engines/cuda/library/matrix_product.h"
#include "kernels/activation.h"

namespace nib::cuda {
namespace {

class DenseBlock : public Block {
 public:
  DenseBlock(const Workshop& workshop, DensePlan plan, const ActivationBuffer& input, const ActivationBuffer& output,
             DenseEnd end)
      : context_(workshop.context),
        parameters_(workshop.parameters),
        plan_(std::move(plan)),
        input_(input),
        output_(output),
        end_(end),
        products_(workshop.context, input.rows, input.height * input.width * input.channels, plan_.layer.units) {
    if (workshop.training && end_ != DenseEnd::tail)
      bias_partials_ = reserve_bias_partials(workshop, plan_.layer.units);
  }

  std::string name() const override { return plan_.name; }

  void forward() override {
    products_.forward(output_.values.get(), input_.values.get(), weights());
    if (end_ != DenseEnd::tail && plan_.layer.activation != Activation::softmax)
      kernels::bias_activation(output_.values.get(), parameters_.value(plan_.weights + 1), output_.rows,
                               output_.channels, relu(), context_.stream());
  }

  void backward() override {
    if (relu())
      kernels::relu_backward(output_.gradients.get(), output_.values.get(), output_.size(), context_.stream());
    const bool input_gradient = input_.gradients.size() > 0;
    products_.backward_weights(input_gradient ? context_.fork() : context_.main(), parameters_.gradient(plan_.weights),
                               input_.values.get(), output_.gradients.get());
    if (input_gradient) products_.backward_input(input_.gradients.get(), output_.gradients.get(), weights());
  }

  std::optional<kernels::BiasSegment> bias() const override {
    if (end_ == DenseEnd::tail) return std::nullopt;
    return kernels::BiasSegment{.output_gradient = output_.gradients.get(),
                                .rows = output_.rows,
                                .channels = plan_.layer.units,
                                .partials = bias_partials_.get()};
  }

  std::vector<kernels::PartialGradient> partial_gradients() const override {
    if (end_ == DenseEnd::tail) return {};
    return {{.parts = bias_partials_.get(),
             .count = kernels::bias_parts,
             .size = plan_.layer.units,
             .gradient = parameters_.gradient(plan_.weights + 1)}};
  }

 private:
  bool relu() const { return end_ != DenseEnd::tail && plan_.layer.activation == Activation::relu; }
  float* weights() const { return parameters_.value(plan_.weights); }

  const Context& context_;
  const ParameterStore& parameters_;
  DensePlan plan_;
  const ActivationBuffer& input_;
  const ActivationBuffer& output_;
  DenseEnd end_;
  DenseProducts products_;
  ArenaArray<float> bias_partials_;
};

}  // namespace

std::unique_ptr<Block> make_dense(const Workshop& workshop, DensePlan plan, const ActivationBuffer& input,
                                  const ActivationBuffer& output, DenseEnd end) {
  return std::make_unique<DenseBlock>(workshop, std::move(plan), input, output, end);
}

}  // namespace nib::cuda
