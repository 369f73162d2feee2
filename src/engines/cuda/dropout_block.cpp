// Dropout, in training only: the program of an evaluation has no such block.

#include <utility>

#include "engines/cuda/block.h"
#include "kernels/dropout.h"

namespace nib::cuda {
namespace {

class DropoutBlock : public Block {
 public:
  DropoutBlock(const Workshop& workshop, DropoutPlan plan, const ActivationBuffer& input,
               const ActivationBuffer& output)
      : context_(workshop.context),
        control_(workshop.control),
        name_(std::move(plan.name)),
        input_(input),
        output_(output),
        shape_{.rows = input.rows,
               .height = input.height,
               .width = input.width,
               .channels = input.channels,
               .layer_height = plan.numbering.height,
               .layer_width = plan.numbering.width,
               .layer = plan.layer_index,
               .rate = static_cast<float>(plan.layer.rate),
               .scale = static_cast<float>(1.0 / (1.0 - plan.layer.rate)),
               .seed = workshop.seed} {}

  std::string name() const override { return name_; }

  void forward() override {
    kernels::dropout(output_.values.get(), input_.values.get(), control_.get(), shape_, context_.stream());
  }

  void backward() override {
    if (input_.gradients.size() > 0)
      kernels::dropout(input_.gradients.get(), output_.gradients.get(), control_.get(), shape_, context_.stream());
  }

 private:
  const Context& context_;
  const ArenaArray<kernels::Control>& control_;
  std::string name_;
  const ActivationBuffer& input_;
  const ActivationBuffer& output_;
  kernels::DropoutShape shape_;
};

}  // namespace

std::unique_ptr<Block> make_dropout(const Workshop& workshop, DropoutPlan plan, const ActivationBuffer& input,
                                    const ActivationBuffer& output) {
  return std::make_unique<DropoutBlock>(workshop, std::move(plan), input, output);
}

}  // namespace nib::cuda
