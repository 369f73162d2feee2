// Pools that no convolution takes along: max-pools and average pools.

#include <utility>

#include "engines/cuda/block.h"
#include "engines/cuda/library/pooling.h"

namespace nib::cuda {
namespace {

template <typename Plan>
class PoolBlock : public Block {
 public:
  PoolBlock(const Workshop& workshop, Plan plan, const ActivationBuffer& input, const ActivationBuffer& output)
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
  return std::make_unique<PoolBlock<MaxPoolPlan>>(workshop, std::move(plan), input, output);
}

std::unique_ptr<Block> make_average_pool(const Workshop& workshop, AveragePoolPlan plan, const ActivationBuffer& input,
                                         const ActivationBuffer& output) {
  return std::make_unique<PoolBlock<AveragePoolPlan>>(workshop, std::move(plan), input, output);
}

}  // namespace nib::cuda
