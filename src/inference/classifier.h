#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "inference/device.h"
#include "inference/evaluation.h"
#include "inference/model.h"

namespace nib {

/// Throws Error (numeric) where weights overflowed.
void check_finite(std::span<const float> probabilities);

/// A network with its weights on a device, for answers.
class Classifier {
 public:
  /// `batch` is how many images are taken at a time; results do not depend on it.
  Classifier(WeightsFile model, const DeviceChoice& device, std::uint32_t batch, Notes& notes);

  const WeightsFile& model() const { return model_; }
  std::string description() const { return engine_->description(); }
  Engine& engine() { return *engine_; }

  /// (image, class): the probabilities of one or more images, (image, row, column) of the network's input, 0
  /// background, 255 full ink. Throws Error: numeric for weights that overflow, bad input for another number of pixels.
  std::vector<float> probabilities(std::span<const std::uint8_t> pixels);

  /// Tests on a set, or answers where it has no labels; nullopt when a signal asked for a stop meanwhile. Throws Error,
  /// see evaluate_all().
  std::optional<Evaluation> evaluate(std::shared_ptr<const Dataset> dataset);

 private:
  WeightsFile model_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace nib
