#include "model/plan.h"

#include <utility>

#include "model/layer_names.h"

namespace nib {
namespace {

class Planner {
 public:
  Planner(const Network& network, TakesPool takes_pool)
      : network_(network),
        takes_pool_(takes_pool),
        names_(layer_names(network)),
        outputs_(output_shapes(network)),
        live_(live_inputs(network)) {}

  NetworkPlan plan() {
    plan_.image = current_ = {live_[0][0], live_[0][1], network_.input.channels};
    while (layer_ < network_.layers.size())
      std::visit([this](const auto& layer) { add(layer); }, network_.layers[layer_]);
    return std::move(plan_);
  }

 private:
  /// Begins a block at the present layer and takes that one.
  template <typename Plan, typename Layer>
  Plan begin(const Layer& layer) {
    Plan plan;
    plan.name = names_[layer_++];
    plan.input = current_;
    plan.input_gradient = tensors_ > 0;
    plan.layer = layer;
    return plan;
  }

  /// Ends the block behind the layers taken so far.
  template <typename Plan>
  void end(Plan plan, const Shape& output) {
    plan.output = current_ = output;
    plan_.blocks.emplace_back(std::move(plan));
  }

  /// Of `channels` channels, as far as it is live behind the layers taken so far.
  Shape live_output(std::uint32_t channels) const { return {live_[layer_][0], live_[layer_][1], channels}; }

  std::size_t take_tensors() {
    tensors_ += 2;
    return tensors_ - 2;
  }

  void add(const Convolution& layer) {
    const Shape& whole_input = layer_ == 0 ? network_.input : outputs_[layer_ - 1];
    const Shape& whole_output = outputs_[layer_];
    auto plan = begin<ConvolutionPlan>(layer);
    plan.weights = take_tensors();
    plan.convolved = live_[layer_];
    if (layer.padding == Padding::same)
      plan.padding = {padding_before(whole_input.height, whole_output.height, layer.kernel[0], layer.stride[0]),
                      padding_before(whole_input.width, whole_output.width, layer.kernel[1], layer.stride[1])};
    if (layer.activation == Activation::relu) plan.name += "+relu";
    const MaxPool* const pool =
        layer_ < network_.layers.size() ? std::get_if<MaxPool>(&network_.layers[layer_]) : nullptr;
    if (pool != nullptr && takes_pool_(*pool)) {
      plan.pool = *pool;
      plan.name += "+pool";
      ++layer_;
    }
    end(std::move(plan), live_output(layer.filters));
  }

  void add(const MaxPool& layer) {
    auto plan = begin<MaxPoolPlan>(layer);
    end(std::move(plan), live_output(current_.channels));
  }

  void add(const AveragePool& layer) {
    auto plan = begin<AveragePoolPlan>(layer);
    end(std::move(plan), live_output(current_.channels));
  }

  void add(const GlobalAveragePool&) {
    const Size whole{current_.height, current_.width};
    auto plan = begin<AveragePoolPlan>(AveragePool{.size = whole, .stride = whole});
    end(std::move(plan), {1, 1, current_.channels, true});
  }

  void add(const Flatten&) {
    current_.flat = true;
    ++layer_;
  }

  void add(const Dense& layer) {
    auto plan = begin<DensePlan>(layer);
    plan.weights = take_tensors();
    if (layer.activation == Activation::relu) plan.name += "+relu";
    end(std::move(plan), {1, 1, layer.units, true});
  }

  void add(const Dropout& layer) {
    const auto index = static_cast<std::uint32_t>(layer_);
    auto plan = begin<DropoutPlan>(layer);
    plan.layer_index = index;
    plan.numbering = current_.flat ? current_ : outputs_[index];
    end(std::move(plan), current_);
  }

  const Network& network_;
  TakesPool takes_pool_;
  std::vector<std::string> names_;
  std::vector<Shape> outputs_;
  std::vector<Size> live_;
  NetworkPlan plan_;
  Shape current_;            ///< what lies in memory behind the layers taken so far
  std::size_t layer_ = 0;    ///< layers taken so far
  std::size_t tensors_ = 0;  ///< parameter tensors of the layers taken so far
};

}  // namespace

Size ConvolutionPlan::covered() const {
  return {(convolved[0] - 1) * layer.stride[0] + layer.kernel[0],
          (convolved[1] - 1) * layer.stride[1] + layer.kernel[1]};
}

NetworkPlan make_plan(const Network& network, TakesPool takes_pool) { return Planner(network, takes_pool).plan(); }

}  // namespace nib
