// A max-pool that does not stand behind a convolution.

#include <utility>

#include "engines/cuda/block.h"
#include "engines/cuda/library/pooling.h"

namespace nib::cuda {
namespace {

class MaxPoolBlock : public Block {
 public:
  MaxPoolBlock(const Workshop& workshop, MaxPoolPlan plan, const ActivationBuffer& input,
               const ActivationBuffer& output)
      : name_(std::move(plan.name)),
        input_(input),
        output_(output),
        calls_(workshop.context, plan.layer, input.rows, plan.input, plan.output) {}

  std::string name() const override { return name_; }

  void forward() override { calls_.forward(output_.values.get(), input_.values.get()); }

  void backward() override {
    if (input_.gradients.size() > 0)
      calls_.backward(input_.gradients.get(), output_.gradients.get(), output_.values.get(), input_.values.get());
  }

 private:
  std::string name_;
  const ActivationBuffer& input_;
  const ActivationBuffer& output_;
  PoolingCalls calls_;
};

}  // namespace

std::unique_ptr<Block> make_max_pool(const Workshop& workshop, MaxPoolPlan plan, const ActivationBuffer& input,
                                     const ActivationBuffer& output) {
  return std::make_unique<MaxPoolBlock>(workshop, std::move(plan), input, output);
}

}  // namespace nib::cuda
