#include "engines/cuda/head.h"
#include "kernels/tail.h"

namespace nib::cuda {
namespace {

class TailHead : public Head {
 public:
  TailHead(const Workshop& workshop, const DensePlan& first, const DensePlan& last, const ActivationBuffer& hidden)
      : context_(workshop.context),
        control_(workshop.control),
        parameters_(workshop.parameters),
        hidden_(hidden),
        hidden_bias_(first.weights + 1),
        weights_(last.weights),
        shape_{.rows = hidden.rows,
               .units = first.layer.units,
               .classes = last.layer.units,
               .smoothed = smoothed_labels<float>(workshop.label_smoothing, last.layer.units)},
        name_(last.name + "+loss") {
    if (!workshop.training) return;
    const std::size_t parts = kernels::tail_parts(shape_.rows);
    hidden_bias_parts_ = ArenaArray<float>(workshop.arena, parts * shape_.units);
    weights_parts_ = ArenaArray<float>(workshop.arena, parts * shape_.classes * shape_.units);
    bias_parts_ = ArenaArray<float>(workshop.arena, parts * shape_.classes);
  }

  std::string name() const override { return name_; }
  bool own() const override { return true; }

  void run(const HeadOutputs& outputs, const std::int32_t* labels) override {
    kernels::tail({.results = outputs.results,
                   .probabilities = outputs.probabilities,
                   .output_rows = outputs.output_rows,
                   .gradients = {.product = hidden_.gradients.get(),
                                 .hidden_bias = hidden_bias_parts_.get(),
                                 .weights = weights_parts_.get(),
                                 .bias = bias_parts_.get()}},
                  {.product = hidden_.values.get(),
                   .hidden_bias = parameters_.value(hidden_bias_),
                   .weights = parameters_.value(weights_),
                   .bias = parameters_.value(weights_ + 1),
                   .labels = labels},
                  control_.get(), shape_, context_.stream());
  }

  std::vector<kernels::PartialGradient> partial_gradients() const override {
    return {partial(hidden_bias_parts_, hidden_bias_), partial(weights_parts_, weights_),
            partial(bias_parts_, weights_ + 1)};
  }

 private:
  kernels::PartialGradient partial(const ArenaArray<float>& parts, std::size_t parameter) const {
    const std::uint32_t count = kernels::tail_parts(shape_.rows);
    return {.parts = parts.get(),
            .count = count,
            .size = static_cast<std::uint32_t>(parts.size() / count),
            .gradient = parameters_.gradient(parameter)};
  }

  const Context& context_;
  const ArenaArray<kernels::Control>& control_;
  const ParameterStore& parameters_;
  const ActivationBuffer& hidden_;
  std::size_t hidden_bias_, weights_;  ///< indices of parameter tensors; the last layer's bias is behind its weights
  kernels::TailShape shape_;
  std::string name_;
  ArenaArray<float> hidden_bias_parts_, weights_parts_, bias_parts_;  ///< (part, the parameter's numbers)
};

}  // namespace

std::unique_ptr<Head> make_tail_head(const Workshop& workshop, const DensePlan& first, const DensePlan& last,
                                     const ActivationBuffer& hidden) {
  return std::make_unique<TailHead>(workshop, first, last, hidden);
}

}  // namespace nib::cuda
