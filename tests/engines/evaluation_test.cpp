// evaluate(): against the reference, and independent of how the work is cut up.

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "engines/engine_case.h"
#include "support/reference_engine.h"
#include "support/synthetic.h"

namespace nib {
namespace {

struct Evaluated {
  Metrics metrics;
  std::vector<float> probabilities;
};

Evaluated evaluate(Engine& engine, const std::shared_ptr<const Dataset>& dataset, std::uint32_t classes) {
  const ImageSet images = engine.upload(dataset);
  Evaluated result;
  result.probabilities.resize(dataset->size() * classes);
  result.metrics = engine.evaluate(images, result.probabilities, {});
  return result;
}

class EngineEvaluation : public EngineNetworkTest {
 protected:
  std::uint32_t classes() const { return class_count(network()); }
};

class EngineEvaluationNumbers : public EngineEvaluation {};

/// How many images two confusion matrices of the same ones count otherwise.
double moved(const std::vector<std::uint64_t>& first, const std::vector<std::uint64_t>& second) {
  double differences = 0;
  for (std::size_t i = 0; i < first.size(); ++i)
    differences += std::abs(static_cast<double>(first[i]) - static_cast<double>(second.at(i)));
  return differences / 2;
}

TEST_P(EngineEvaluationNumbers, AgreeWithTheReference) {
  const auto set = images(150);
  const TrainingState state = uneven_state(network());
  const auto engine = make_engine(engine_case(), {.network = network(), .batch = 16, .cpu = {.threads = 2}});
  engine->set_state(state);
  const Evaluated actual = evaluate(*engine, set, classes());

  reference::ReferenceEngine reference(network(), 0, reference::PixelValue::as_float);
  reference.set_state(state);
  reference.compute_in_tf32(tf32_layers(engine_case(), network()));
  const reference::Evaluation expected = reference.evaluate(*set);
  EXPECT_EQ(actual.metrics.rows, 150u);
  EXPECT_TRUE(actual.metrics.labelled);
  EXPECT_FALSE(actual.metrics.stopped);
  EXPECT_NEAR(static_cast<double>(actual.metrics.correct), static_cast<double>(expected.correct),
              engine_case().correct * 150);
  EXPECT_LE(moved(actual.metrics.confusion, expected.confusion), engine_case().correct * 150);
  EXPECT_NEAR(actual.metrics.loss_sum / 150, expected.loss_sum / 150, engine_case().loss);
  for (std::size_t i = 0; i < expected.probabilities.size(); ++i) {
    ASSERT_NEAR(static_cast<double>(actual.probabilities[i]), expected.probabilities[i], engine_case().probabilities)
        << "image " << i / classes();
  }
}

TEST_P(EngineEvaluation, DependsNeitherOnBatchNorOnThreads) {
  const auto set = images(150);
  const TrainingState state = uneven_state(network());
  std::optional<Evaluated> first;
  for (const std::uint32_t batch : {1u, 7u, 128u, 300u}) {
    for (const unsigned threads : {1u, 3u}) {
      if (threads > 1 && engine_case().threads.size() == 1) continue;  // a GPU's engine, long to make, has none
      SCOPED_TRACE("batch " + std::to_string(batch) + ", threads " + std::to_string(threads));
      const auto engine =
          make_engine(engine_case(), {.network = network(), .batch = batch, .cpu = {.threads = threads}});
      engine->set_state(state);
      const Evaluated now = evaluate(*engine, set, classes());
      if (!first) first = now;
      EXPECT_EQ(now.probabilities, first->probabilities);
      EXPECT_EQ(now.metrics.loss_sum, first->metrics.loss_sum);
      EXPECT_EQ(now.metrics.confusion, first->metrics.confusion);
    }
  }
}

TEST_P(EngineEvaluation, ChangesNothing) {
  const auto set = images(20);
  const TrainingState state = uneven_state(network());
  const auto engine = make_engine(engine_case(), {.network = network(), .batch = 8});
  engine->set_state(state);
  const ImageSet uploaded = engine->upload(set);
  const auto train = [&] {
    engine->train(uploaded, synthetic::file_order(20), std::vector<double>(3, 0.001), {});
    return engine->state().parameters;
  };
  const Parameters undisturbed = train();
  engine->set_state(state);
  evaluate(*engine, set, classes());
  EXPECT_EQ(engine->state().parameters, state.parameters);
  EXPECT_EQ(train(), undisturbed);
}

INSTANTIATE_TEST_SUITE_P(Engines, EngineEvaluationNumbers, every_arithmetic_and_network(), engine_and_network_name);
INSTANTIATE_TEST_SUITE_P(Engines, EngineEvaluation, every_engine_and_network(), engine_and_network_name);

class EngineEvaluationCalls : public EngineTest {
 protected:
  Network network = golden::networks().at(0).network;
  std::unique_ptr<Engine> engine = make_engine(engine_case(), {.network = network, .batch = 8});
  Dataset images = synthetic::digits(network.input.height, network.input.width, 10, 300);
  ImageSet upload() { return engine->upload(std::make_shared<const Dataset>(images)); }
};

TEST_P(EngineEvaluationCalls, PredictsWithoutLabels) {
  std::vector<float> labelled(3000), unlabelled(3000);
  engine->evaluate(upload(), labelled, {});
  images.labels.clear();
  const Metrics metrics = engine->evaluate(upload(), unlabelled, {});
  EXPECT_EQ(unlabelled, labelled);
  EXPECT_FALSE(metrics.labelled);
  EXPECT_EQ(metrics.rows, 300u);
}

TEST_P(EngineEvaluationCalls, ReportsItsProgress) {
  std::uint64_t so_far = 0;
  const Metrics metrics = engine->evaluate(upload(), {}, [&](std::uint64_t images_so_far) {
    EXPECT_GT(images_so_far, so_far);
    so_far = images_so_far;
    return Next::go_on;
  });
  EXPECT_EQ(so_far, 300u);
  EXPECT_EQ(metrics.rows, 300u);
}

TEST_P(EngineEvaluationCalls, StopsWhenAskedTo) {
  const Metrics metrics = engine->evaluate(upload(), {}, [](std::uint64_t) { return Next::stop; });
  EXPECT_TRUE(metrics.stopped);
}

INSTANTIATE_TEST_SUITE_P(Engines, EngineEvaluationCalls, every_engine(), case_name);

}  // namespace
}  // namespace nib
