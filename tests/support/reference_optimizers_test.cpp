#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <span>

#include "data/catalogue.h"
#include "support/recorded_optimizers.h"
#include "support/reference_engine.h"
#include "tests/places.h"

namespace nib::reference {
namespace {

using golden::RecordedOptimizer;

void expect_figures(const Tensors& tensors, const std::vector<golden::TensorFigures>& figures) {
  ASSERT_EQ(tensors.size(), figures.size());
  for (std::size_t t = 0; t < tensors.size(); ++t) {
    const double squares = std::inner_product(tensors[t].begin(), tensors[t].end(), tensors[t].begin(), 0.0);
    const double sum = std::accumulate(tensors[t].begin(), tensors[t].end(), 0.0);
    EXPECT_NEAR(std::sqrt(squares), figures[t].l2, 1e-12) << "tensor " << t;
    EXPECT_NEAR(sum / static_cast<double>(tensors[t].size()), figures[t].mean, 1e-12) << "tensor " << t;
  }
}

class ReferenceOptimizer : public testing::TestWithParam<std::size_t> {};

/// Twenty-five steps that real Keras made in float64.
TEST_P(ReferenceOptimizer, RepeatsTheStepsOfKeras) {
  static const Dataset mnist = load_data(NIB_DATA_SOURCE "/mnist").training;
  const golden::RecordedOptimizers& all = golden::recorded_optimizers();
  const RecordedOptimizer& recorded = all.cases.at(GetParam());
  ASSERT_EQ(recorded.losses.size(), 25u);
  ReferenceEngine engine(all.network, 0, PixelValue::exact, recorded.optimizer);
  engine.set_parameters(all.initial);
  for (std::size_t step = 0; step < recorded.losses.size(); ++step) {
    const auto rows = std::span(all.order).subspan(step * all.batch, all.batch);
    EXPECT_NEAR(engine.step(mnist, rows, recorded.learning_rates[step]), recorded.losses[step], 1e-12)
        << "step " << step + 1;
  }
  expect_figures(engine.state().parameters, recorded.weights);
  if (recorded.optimizer.average) expect_figures(engine.state().moments.back(), recorded.averages);
}

INSTANTIATE_TEST_SUITE_P(Keras, ReferenceOptimizer, testing::Range<std::size_t>(0, 14),
                         [](const testing::TestParamInfo<std::size_t>& each) {
                           return golden::recorded_optimizers().cases.at(each.param).name;
                         });

TEST(RecordedOptimizers, AreAllOfNibs) {
  for (const NamedOptimizer& each : named_optimizers()) {
    const auto& cases = golden::recorded_optimizers().cases;
    EXPECT_TRUE(std::ranges::any_of(cases, [&](const RecordedOptimizer& recorded) {
      return recorded.name == each.name && recorded.optimizer == each.optimizer &&
             recorded.learning_rates[0] == each.learning_rate;
    })) << each.name;
  }
}

}  // namespace
}  // namespace nib::reference
