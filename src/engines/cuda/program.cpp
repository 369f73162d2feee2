#include "engines/cuda/program.h"

#include <span>
#include <utility>

#include "kernels/first_convolution.h"
#include "kernels/tail.h"
#include "model/plan.h"

namespace nib::cuda {
namespace {

/// A winner's place in its window is kept in 16 bits.
constexpr std::uint64_t most_window_pixels = 65535;

bool takes_pool(const MaxPool& pool) { return std::uint64_t{pool.size[0]} * pool.size[1] <= most_window_pixels; }

struct Tail {
  const DensePlan* first = nullptr;
  const DensePlan* last = nullptr;
};

/// The last two layers, where one kernel can take them: a dense one with ReLU, and the one with softmax behind it.
Tail tail_of(const NetworkPlan& plan) {
  if (plan.blocks.size() < 2) return {};
  const auto* const first = std::get_if<DensePlan>(&plan.blocks[plan.blocks.size() - 2]);
  const auto* const last = std::get_if<DensePlan>(&plan.blocks.back());
  if (first == nullptr || last == nullptr || first->layer.activation != Activation::relu ||
      !kernels::fits_tail(first->layer.units, last->layer.units))
    return {};
  return {first, last};
}

/// The first layer with its pool, where one kernel can take them from the set's images.
const ConvolutionPlan* own_front(const NetworkPlan& plan) {
  const auto* const first = std::get_if<ConvolutionPlan>(&plan.blocks.front());
  const bool takes = first != nullptr && first->pool && plan.image.channels == 1 &&
                     first->layer.activation == Activation::relu && first->layer.stride == Size{1, 1} &&
                     first->layer.kernel[0] == first->layer.kernel[1] && first->pool->size == Size{2, 2} &&
                     first->pool->stride == Size{2, 2} &&
                     kernels::fits_first_convolution(first->layer.kernel[0], first->output.height, first->output.width);
  return takes ? first : nullptr;
}

/// Maps the plan's blocks to this engine's, each bound to the activation that the one before it left.
class Compiler {
 public:
  Compiler(std::uint32_t rows, const Workshop& workshop) : rows_(rows), workshop_(workshop) {}

  Program compile(const NetworkPlan& plan, const Shape& images, const BatchRows& batch) {
    const bool own = workshop_.kernels == Kernels::own;
    const Tail tail = own ? tail_of(plan) : Tail{};
    std::span blocks(plan.blocks);
    if (tail.last != nullptr) blocks = blocks.first(blocks.size() - 2);
    const ConvolutionPlan* const front = own ? own_front(plan) : nullptr;
    add_activation(plan.image, false, front == nullptr);
    if (front != nullptr) {
      const ActivationBuffer& to = add_activation(front->output, true);
      program_.blocks.push_back(make_first_convolution(workshop_, images, *front, to, batch));
      blocks = blocks.subspan(1);
    }
    for (const AnyBlockPlan& block : blocks) std::visit([this](const auto& each) { add(each); }, block);
    if (tail.last != nullptr) {
      add(*tail.first, DenseEnd::tail);
      program_.head = make_tail_head(workshop_, *tail.first, *tail.last, input());
    } else {
      const std::size_t bias = std::get<DensePlan>(plan.blocks.back()).weights + 1;
      program_.head = make_softmax_head(workshop_, input(), bias);
    }
    return std::move(program_);
  }

 private:
  const ActivationBuffer& input() const { return *program_.activations.back(); }

  /// `gradient`: of the loss is wanted here, in training.
  const ActivationBuffer& add_activation(const Shape& shape, bool gradient, bool values = true) {
    auto activation = std::make_unique<ActivationBuffer>();
    activation->rows = rows_;
    activation->height = shape.height;
    activation->width = shape.width;
    activation->channels = shape.channels;
    if (values) activation->values = ArenaArray<float>(workshop_.arena, activation->size());
    if (workshop_.training && gradient) activation->gradients = ArenaArray<float>(workshop_.arena, activation->size());
    program_.activations.push_back(std::move(activation));
    return input();
  }

  void add(const ConvolutionPlan& plan) {
    const ActivationBuffer& from = input();
    const ActivationBuffer& to = add_activation(plan.output, true);
    program_.blocks.push_back(make_convolution(workshop_, plan, from, to));
  }

  void add(const MaxPoolPlan& plan) {
    const ActivationBuffer& from = input();
    const ActivationBuffer& to = add_activation(plan.output, plan.input_gradient);
    program_.blocks.push_back(make_max_pool(workshop_, plan, from, to));
  }

  void add(const AveragePoolPlan& plan) {
    const ActivationBuffer& from = input();
    const ActivationBuffer& to = add_activation(plan.output, plan.input_gradient);
    program_.blocks.push_back(make_average_pool(workshop_, plan, from, to));
  }

  void add(const DropoutPlan& plan) {
    if (!workshop_.training) return;
    const ActivationBuffer& from = input();
    const ActivationBuffer& to = add_activation(plan.output, plan.input_gradient);
    program_.blocks.push_back(make_dropout(workshop_, plan, from, to));
  }

  void add(const DensePlan& plan, DenseEnd end = DenseEnd::own_or_softmax) {
    const ActivationBuffer& from = input();
    const ActivationBuffer& to = add_activation(plan.output, true);
    program_.blocks.push_back(make_dense(workshop_, plan, from, to, end));
  }

  std::uint32_t rows_;
  const Workshop& workshop_;
  Program program_;
};

}  // namespace

Program compile(const Network& network, std::uint32_t rows, const Workshop& workshop, const BatchRows& batch) {
  return Compiler(rows, workshop).compile(make_plan(network, takes_pool), network.input, batch);
}

}  // namespace nib::cuda
