#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "support/golden.h"
#include "support/reference_engine.h"
#include "support/synthetic.h"

namespace nib::reference {
namespace {

constexpr double h = 1e-5;
constexpr std::size_t coordinates_per_tensor = 200;

/// Initial parameters with biases moved away from zero: there the blank parts of an image would sit exactly on the kink
/// of every ReLU.
Tensors smooth_parameters(const Network& network) {
  Tensors tensors = widened(initial_parameters(network, 3));
  for (std::size_t t = 1; t < tensors.size(); t += 2) {
    for (std::size_t i = 0; i < tensors[t].size(); ++i) tensors[t][i] = (i % 3 == 0 ? -0.05 : 0.1) + 0.001 * double(i);
  }
  return tensors;
}

/// `count` different indices below `size`, or all of them.
std::vector<std::size_t> some_coordinates(std::size_t size, std::size_t count, std::mt19937& random) {
  std::vector<std::size_t> all(size), chosen;
  for (std::size_t i = 0; i < size; ++i) all[i] = i;
  std::sample(all.begin(), all.end(), std::back_inserter(chosen), count, random);
  return chosen;
}

class ReferenceGradient : public testing::TestWithParam<std::size_t> {};

TEST_P(ReferenceGradient, IsTheSlopeOfTheLoss) {
  const Network& network = golden::networks().at(GetParam()).network;
  const Dataset images = synthetic::digits(network.input.height, network.input.width, class_count(network), 12);
  const std::vector<std::uint32_t> rows = {7, 2, 10};  // the last of these is blank
  ReferenceEngine engine(network, 5);
  engine.state().parameters = smooth_parameters(network);
  engine.state().step = 41;  // so that dropout draws the masks of step 42
  const BatchResult analytic = engine.gradients(images, rows);
  Choices here;
  ASSERT_NEAR(engine.loss(images, rows, &here), analytic.loss, 1e-14);

  // Rounding of the loss, magnified by the division by h, is what small gradients can be told from.
  const double noise = 8 * std::numeric_limits<double>::epsilon() * analytic.loss / h;
  const std::vector<ParameterSpec> specs = parameter_specs(network);
  std::mt19937 random(GetParam());
  for (std::size_t t = 0; t < specs.size(); ++t) {
    std::size_t smooth = 0;
    const auto coordinates = some_coordinates(specs[t].size(), coordinates_per_tensor, random);
    for (const std::size_t i : coordinates) {
      double& value = engine.state().parameters[t][i];
      const double centre = value;
      const auto loss_at = [&](double shift, Choices* choices = nullptr) {
        value = centre + shift;
        const double loss = engine.loss(images, rows, choices);
        value = centre;
        return loss;
      };
      const auto turns_at = [&](double shift) {
        Choices there;
        loss_at(shift, &there);
        return there != here;
      };
      if (turns_at(-10 * h) || turns_at(10 * h)) continue;  // a kink of a ReLU or a pooling window is near
      ++smooth;
      const double slope = (loss_at(h) - loss_at(-h)) / (2 * h), gradient = analytic.gradients[t][i];
      EXPECT_NEAR(slope, gradient, 1e-6 * std::abs(gradient) + noise) << specs[t].name << "[" << i << "]";
    }
    EXPECT_GT(smooth * 4, coordinates.size()) << specs[t].name << ": too few coordinates away from kinks";
  }
}

INSTANTIATE_TEST_SUITE_P(GoldenNetworks, ReferenceGradient, testing::Range(std::size_t{0}, golden::networks().size()),
                         [](const auto& instance) { return golden::networks().at(instance.param).name; });

TEST(ReferenceTf32, KeepsElevenBits) {
  for (const double sign : {1.0, -1.0})
    for (const double scale : {1.0, 0x1.0p-30, 0x1.0p20}) {
      EXPECT_EQ(rounded_to_tf32(sign * scale * (1 + 0x1.0p-12)), sign * scale);
      EXPECT_EQ(rounded_to_tf32(sign * scale * (1 + 0x1.0p-11)), sign * scale * (1 + 0x1.0p-10));
      EXPECT_EQ(rounded_to_tf32(sign * scale * (2 - 0x1.0p-12)), sign * scale * 2);
      EXPECT_EQ(rounded_to_tf32(sign * scale * (1 + 0x1.0p-10)), sign * scale * (1 + 0x1.0p-10));
    }
  EXPECT_EQ(rounded_to_tf32(0.0), 0.0);
}

}  // namespace
}  // namespace nib::reference
