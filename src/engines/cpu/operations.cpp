#include "engines/cpu/operations.h"

#include <variant>

namespace nib::cpu {
namespace {

constexpr double multiply_add = 2;
/// A parameter's, see arithmetic/update_rules.inc: three for the first moment, four for the second, five for the new
/// value.
constexpr double adam_step = 12;

double size(double height, double width, double channels) { return height * width * channels; }

/// The weights behind one output, and how many outputs of each kind there are.
struct Products {
  double weights;     ///< that one output sums over
  double forward;     ///< outputs that are computed
  double backward;    ///< outputs that carry a gradient
  double parameters;  ///< biases among them
};

Products products_of(const ConvolutionPlan& plan) {
  const double filters = plan.layer.filters;
  const double weights = size(plan.layer.kernel[0], plan.layer.kernel[1], plan.input.channels);
  return {.weights = weights,
          .forward = size(plan.convolved[0], plan.convolved[1], filters),
          .backward = size(plan.output.height, plan.output.width, filters),
          .parameters = (weights + 1) * filters};
}

Products products_of(const DensePlan& plan) {
  const auto weights = static_cast<double>(plan.input.size());
  const double units = plan.layer.units;
  return {.weights = weights, .forward = units, .backward = units, .parameters = (weights + 1) * units};
}

/// A convolution sums its weights' gradients in its backward pass, image by image; a dense layer in its update.
void add(const ConvolutionPlan& plan, std::vector<PhaseOperations>& phases) {
  const Products products = products_of(plan);
  const double passes = plan.input_gradient ? 2 : 1, backward = products.weights * products.backward;
  phases.push_back({plan.name + " forward", multiply_add * products.weights * products.forward, 0});
  phases.push_back({plan.name + " backward", multiply_add * passes * backward, 0});
  phases.push_back({plan.name + " update", 0, adam_step * products.parameters});
}

void add(const DensePlan& plan, std::vector<PhaseOperations>& phases) {
  const Products products = products_of(plan);
  const double each_row = multiply_add * products.weights * products.forward;
  phases.push_back({plan.name + " forward", each_row, 0});
  if (plan.input_gradient) phases.push_back({plan.name + " backward", each_row, 0});
  phases.push_back({plan.name + " update", each_row, adam_step * products.parameters});
}

void add(const BlockPlan&, std::vector<PhaseOperations>&) {}

}  // namespace

std::vector<PhaseOperations> phase_operations(const NetworkPlan& plan) {
  std::vector<PhaseOperations> phases;
  for (const AnyBlockPlan& block : plan.blocks) std::visit([&](const auto& each) { add(each, phases); }, block);
  return phases;
}

}  // namespace nib::cpu
