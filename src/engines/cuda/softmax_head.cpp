#include "engines/cuda/head.h"
#include "kernels/softmax_loss.h"

namespace nib::cuda {
namespace {

class SoftmaxHead : public Head {
 public:
  SoftmaxHead(const Workshop& workshop, const ActivationBuffer& logits, std::size_t bias)
      : context_(workshop.context),
        control_(workshop.control),
        parameters_(workshop.parameters),
        logits_(logits),
        bias_(bias),
        shape_{.rows = logits.rows,
               .classes = logits.channels,
               .smoothed = smoothed_labels<float>(workshop.label_smoothing, logits.channels)} {}

  std::string name() const override { return "softmax+loss"; }
  bool own() const override { return false; }

  void run(const HeadOutputs& outputs, const std::int32_t* labels) override {
    kernels::softmax_loss({.results = outputs.results,
                           .logits_gradient = logits_.gradients.get(),
                           .probabilities = outputs.probabilities,
                           .output_rows = outputs.output_rows},
                          {.logits = logits_.values.get(), .bias = parameters_.value(bias_), .labels = labels},
                          control_.get(), shape_, context_.stream());
  }

 private:
  const Context& context_;
  const ArenaArray<kernels::Control>& control_;
  const ParameterStore& parameters_;
  const ActivationBuffer& logits_;
  std::size_t bias_;
  kernels::SoftmaxShape shape_;
};

}  // namespace

std::unique_ptr<Head> make_softmax_head(const Workshop& workshop, const ActivationBuffer& logits, std::size_t bias) {
  return std::make_unique<SoftmaxHead>(workshop, logits, bias);
}

}  // namespace nib::cuda
