#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "data/catalogue.h"
#include "parity/recording.h"
#include "support/golden.h"
#include "support/reference_engine.h"
#include "tests/places.h"

namespace nib::reference {
namespace {

/// Fifty steps that real Keras made in float64: training images 0 to 6,399 in file order, batch 128.
TEST(ReferenceEngine, RepeatsTheStepsOfKeras) {
  const Dataset mnist = load_data(NIB_DATA_SOURCE "/mnist").training;
  const auto recorded = golden::json("keras/trajectory.json").at("float64");
  const auto losses = recorded.at("loss_per_step").get<std::vector<double>>();
  ASSERT_EQ(losses.size(), 50u);

  ReferenceEngine engine(digits_network());
  engine.set_parameters(golden::parameters("keras/initial.safetensors"));
  std::vector<std::uint32_t> rows(128);
  std::iota(rows.begin(), rows.end(), 0u);
  for (std::size_t step = 0; step < losses.size(); ++step) {
    EXPECT_NEAR(engine.step(mnist, rows, 0.001), losses[step], 1e-12) << "step " << step + 1;
    for (std::uint32_t& row : rows) row += 128;
  }

  const auto& tensors = engine.state().parameters;
  const auto& figures = recorded.at("weights_after_50");
  ASSERT_EQ(figures.size(), tensors.size());
  for (std::size_t t = 0; t < tensors.size(); ++t) {
    const double squares = std::inner_product(tensors[t].begin(), tensors[t].end(), tensors[t].begin(), 0.0);
    const double sum = std::accumulate(tensors[t].begin(), tensors[t].end(), 0.0);
    EXPECT_NEAR(std::sqrt(squares), figures[t].at("l2").get<double>(), 1e-12) << "tensor " << t;
    EXPECT_NEAR(sum / static_cast<double>(tensors[t].size()), figures[t].at("mean").get<double>(), 1e-12)
        << "tensor " << t;
  }
}

/// The same with smoothed labels, of a small network.
TEST(ReferenceEngine, SmoothsLabelsAsKerasDoes) {
  const Recording recording = read_recording(golden::path("keras/smoothing"));
  EXPECT_EQ(recording.label_smoothing, 0.1);
  ReferenceEngine engine(recording.network);
  engine.set_parameters(recording.initial);
  engine.smooth_labels(recording.label_smoothing);
  const Dataset mnist = load_data(NIB_DATA_SOURCE "/mnist").training;
  std::span rows(recording.order);
  for (std::size_t step = 0; step < recording.losses.size(); ++step) {
    EXPECT_NEAR(engine.step(mnist, rows.first(recording.batch), recording.learning_rates[step]), recording.losses[step],
                1e-12)
        << "step " << step + 1;
    rows = rows.subspan(recording.batch);
  }
  // Of the recorded weights only their floats are kept.
  const Tensors recorded = widened(recording.final);
  for (std::size_t t = 0; t < recorded.size(); ++t)
    for (std::size_t i = 0; i < recorded[t].size(); ++i)
      ASSERT_NEAR(engine.state().parameters[t][i], recorded[t][i], 0x1.0p-24 * std::abs(recorded[t][i]) + 1e-12)
          << "tensor " << t << ", number " << i;
}

}  // namespace
}  // namespace nib::reference
