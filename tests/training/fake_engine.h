#pragma once

#include <optional>
#include <vector>

#include "nib/engine.h"

namespace nib {

/// An engine that learns nothing and writes down what it is asked to do. Its loss in a step is the sum of the row
/// indices, its prediction is right for even indices.
class FakeEngine : public Engine {
 public:
  explicit FakeEngine(std::uint32_t batch) : batch_(batch) {}

  std::vector<std::vector<std::uint32_t>> orders;      ///< of each train()
  std::vector<std::vector<double>> learning_rates;     ///< of each train()
  std::vector<std::uint64_t> steps_before_evaluation;  ///< of each evaluate()
  std::optional<std::uint64_t> nonfinite_step;         ///< this step will not be finite
  std::uint32_t steps_a_call = 1;                      ///< reported to Progress at once

  ImageSet upload(std::shared_ptr<const Dataset> dataset) override;
  TrainResult train(const ImageSet& images, std::span<const std::uint32_t> order, std::span<const double> rates,
                    const Progress& progress) override;
  Metrics evaluate(const ImageSet& images, std::span<float> probabilities, const Progress& progress) override;
  void set_state(const TrainingState& state) override;
  TrainingState state() const override;
  std::vector<PhaseTime> profile(const ImageSet&, std::span<const std::uint32_t>, unsigned) override { return {}; }
  std::string description() const override { return "fake"; }

 private:
  std::uint32_t batch_;
  std::uint64_t step_ = 0;
};

}  // namespace nib
