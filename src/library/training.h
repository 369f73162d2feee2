#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "inference/device.h"
#include "library/call.h"
#include "nib/optimizer.h"
#include "nib/training.h"

namespace nib::library {

/// What nib_training_set_...() set; by themselves as `nib train` has them.
struct TrainingSettings {
  std::string data = "mnist", network{}, weights{};
  std::uint64_t limit = 0;
  TrainingPlan plan{};
  Optimizer optimizer{};
  double validation_split = 0.1;
  nib_progress_function progress = nullptr;
  void* user = nullptr;
};

struct TrainingResult {
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();
  double test_accuracy = none, test_loss = none;
  EpochResult last_epoch{.loss = none, .accuracy = none};
  std::string weights_sha256{};
};

/// Trains, tests and writes the weights to `file`. Throws Error, or Stopped; then the file is as it was.
TrainingResult train_into(const std::string& file, const TrainingSettings& settings, const DeviceChoice& device,
                          Notes& notes);

}  // namespace nib::library

struct nib_training {
  nib::DeviceChoice device;
  nib::library::TrainingSettings settings{};
  nib::library::TrainingResult result{};
  nib::library::Warnings warnings{};
};
