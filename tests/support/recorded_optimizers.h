#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nib/optimizer.h"
#include "support/golden.h"

namespace nib::golden {

/// Figures of a tensor behind the last step.
struct TensorFigures {
  double l2 = 0, mean = 0;
};

/// Steps that one of Keras's optimizers made in float64: tests/golden/keras/optimizers/.
struct RecordedOptimizer {
  std::string name;  ///< fit for a test's name
  Optimizer optimizer;
  std::vector<double> learning_rates{}, losses{};
  std::vector<TensorFigures> weights{}, averages{};  ///< of each tensor; averages where it has them
};

struct RecordedOptimizers {
  Network network;
  Parameters initial;
  std::uint32_t batch = 0;
  std::vector<std::uint32_t> order;  ///< MNIST's training images
  std::vector<RecordedOptimizer> cases;
};

const RecordedOptimizers& recorded_optimizers();

}  // namespace nib::golden
