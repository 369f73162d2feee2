#include <utility>

#include "engines/cuda/block.h"
#include "kernels/first_convolution.h"

namespace nib::cuda {
namespace {

class FirstConvolutionBlock : public Block {
 public:
  FirstConvolutionBlock(const Workshop& workshop, const Shape& images, ConvolutionPlan plan,
                        const ActivationBuffer& output, const BatchRows& batch)
      : context_(workshop.context),
        control_(workshop.control),
        parameters_(workshop.parameters),
        output_(output),
        batch_(batch),
        name_(std::move(plan.name)),
        weights_(plan.weights),
        shape_{.rows = output.rows,
               .height = images.height,
               .width = images.width,
               .kernel = plan.layer.kernel[0],
               .top = plan.padding[0],
               .left = plan.padding[1],
               .filters = plan.layer.filters,
               .pooled_height = output.height,
               .pooled_width = output.width},
        winners_(workshop.arena, output.size()) {
    if (!workshop.training) return;
    const std::size_t parts = kernels::first_convolution_parts(shape_.rows);
    weights_parts_ = ArenaArray<float>(workshop.arena, parts * weights_size());
    bias_parts_ = ArenaArray<float>(workshop.arena, parts * shape_.filters);
  }

  std::string name() const override { return name_; }
  bool gathers() const override { return true; }

  void forward() override {
    kernels::first_convolution_forward({output_.values.get(), winners_.get(), batch_.labels.get()},
                                       parameters_.value(weights_), parameters_.value(weights_ + 1), control_.get(),
                                       shape_, batch_.maps.get(), context_.stream());
  }

  void backward() override {
    kernels::first_convolution_backward({weights_parts_.get(), bias_parts_.get()}, output_.gradients.get(),
                                        output_.values.get(), winners_.get(), control_.get(), shape_, batch_.maps.get(),
                                        context_.stream());
  }

  std::vector<kernels::PartialGradient> partial_gradients() const override {
    const std::uint32_t count = kernels::first_convolution_parts(shape_.rows);
    return {{.parts = weights_parts_.get(),
             .count = count,
             .size = static_cast<std::uint32_t>(weights_size()),
             .gradient = parameters_.gradient(weights_)},
            {.parts = bias_parts_.get(),
             .count = count,
             .size = shape_.filters,
             .gradient = parameters_.gradient(weights_ + 1)}};
  }

 private:
  std::size_t weights_size() const { return std::size_t{shape_.filters} * shape_.kernel * shape_.kernel; }

  const Context& context_;
  const ArenaArray<kernels::Control>& control_;
  const ParameterStore& parameters_;
  const ActivationBuffer& output_;
  const BatchRows& batch_;
  std::string name_;
  std::size_t weights_;  ///< index of the parameter tensor; the bias is the next
  kernels::FirstConvolutionShape shape_;
  ArenaArray<std::uint16_t> winners_;             ///< as the output
  ArenaArray<float> weights_parts_, bias_parts_;  ///< (part, the parameter's numbers)
};

}  // namespace

std::unique_ptr<Block> make_first_convolution(const Workshop& workshop, const Shape& images, ConvolutionPlan plan,
                                              const ActivationBuffer& output, const BatchRows& batch) {
  return std::make_unique<FirstConvolutionBlock>(workshop, images, std::move(plan), output, batch);
}

}  // namespace nib::cuda
