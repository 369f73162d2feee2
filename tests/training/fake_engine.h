#pragma once

#include <optional>
#include <vector>

#include "nib/engine.h"

namespace nib {

/// An engine that learns nothing and writes down what it is asked to do. It takes images of one pixel in two classes.
/// Its loss in a step is the sum of the row indices, its prediction is right for even indices.
class FakeEngine : public Engine {
 public:
  explicit FakeEngine(std::uint32_t batch);

  std::vector<std::vector<std::uint32_t>> orders;      ///< of each train()
  std::vector<std::vector<double>> learning_rates;     ///< of each train()
  std::vector<std::uint64_t> steps_before_evaluation;  ///< of each evaluate()
  std::optional<std::uint64_t> nonfinite_step;         ///< this step will not be finite
  std::uint32_t steps_a_call = 1;                      ///< reported to Progress at once

  TrainingState state() const override;
  std::string description() const override { return "fake"; }

 private:
  std::unique_ptr<ImageSet::Storage> do_upload(std::shared_ptr<const Dataset> dataset) override;
  TrainResult do_train(const ImageSet& images, std::span<const std::uint32_t> order, std::span<const double> rates,
                       const Progress& progress) override;
  Metrics do_evaluate(const ImageSet& images, std::span<float> probabilities,
                      const EvaluationProgress& progress) override;
  void do_set_state(const TrainingState& state) override;
  Diagnostics do_diagnostics(const ImageSet&, std::span<const std::uint32_t>) override { return {}; }

  std::uint64_t step_ = 0;
};

}  // namespace nib
