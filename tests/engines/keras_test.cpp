// Every engine against what real Keras computed: fifty training steps, and a trained model's results.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/files.h"
#include "engines/engine_case.h"
#include "engines/mnist.h"
#include "formats/keras/keras.h"
#include "hdf5/hdf5_file.h"
#include "parity/gates.h"
#include "parity/replay.h"
#include "support/synthetic.h"
#include "terminal/classification.h"

namespace nib {
namespace {

class EngineAgainstKeras : public EngineTest {};

TEST_P(EngineAgainstKeras, TakesTheSameSteps) {
  auto recorded = golden::json("keras/trajectory.json").at("float64").at("loss_per_step").get<std::vector<double>>();
  recorded.resize(engine_case().keras_steps);
  const auto engine = make_engine(engine_case(), {.network = digits_network(), .cpu = {.threads = 2}});
  engine->set_state(first_state(digits_network(), golden::parameters("keras/initial.safetensors")));
  const ImageSet images = engine->upload(mnist().training);
  std::vector<double> losses;
  const auto rows = static_cast<std::uint32_t>(128 * recorded.size());
  engine->train(images, synthetic::file_order(rows), std::vector<double>(recorded.size(), 0.001),
                [&](std::span<const StepResult> steps) {
                  for (const StepResult& step : steps) losses.push_back(step.loss / step.rows);
                  return Next::go_on;
                });
  ASSERT_EQ(losses.size(), recorded.size());
  for (std::size_t i = 0; i < losses.size(); ++i) {
    EXPECT_NEAR(losses[i], recorded[i], engine_case().keras * loss_gate(i + 1)) << "step " << i + 1;
  }
}

/// From the weights, moments and step in a .keras, twenty steps as Keras went on itself.
TEST_P(EngineAgainstKeras, GoesOnWithATrainingOfKeras) {
  if (hdf5_version().empty()) GTEST_SKIP() << "built without libhdf5";
  const auto recorded = golden::json("keras/small/steps.json");
  const auto expected = recorded.at("losses").get<std::vector<double>>();
  const WeightsFile model = read_keras_training(read_file(golden::path("keras/small/small.keras"), 1 << 20), "small");
  const auto engine = make_engine(engine_case(), {.network = model.network, .cpu = {.threads = 2}});
  engine->set_state({.parameters = model.parameters, .moments = model.training->moments, .step = model.training->step});
  const ImageSet images = engine->upload(mnist().training);
  const auto first = recorded.at("first_image").get<std::uint32_t>();
  std::vector<std::uint32_t> order = synthetic::file_order(static_cast<std::uint32_t>(128 * expected.size()));
  for (std::uint32_t& image : order) image += first;
  std::vector<double> losses;
  engine->train(images, order, std::vector<double>(expected.size(), model.training->learning_rate),
                [&](std::span<const StepResult> steps) {
                  for (const StepResult& step : steps) losses.push_back(step.loss / step.rows);
                  return Next::go_on;
                });
  ASSERT_EQ(losses.size(), 20u);
  for (std::size_t i = 0; i < losses.size(); ++i)
    EXPECT_NEAR(losses[i], expected[i], std::min(engine_case().keras * 2e-5, 2e-3)) << "step " << i + 1;
  EXPECT_EQ(engine->state().step, 320u);
}

TEST_P(EngineAgainstKeras, RepeatsTheRecordings) {
  for (const std::filesystem::path& folder :
       {bundled_data() / "parity", golden::path("keras/averages"), golden::path("keras/smoothing")}) {
    SCOPED_TRACE(folder);
    const Recording recording = read_recording(folder);
    const auto engine = make_engine(engine_case(), {.network = recording.network,
                                                    .batch = recording.batch,
                                                    .label_smoothing = recording.label_smoothing,
                                                    .cpu = {.threads = 2}});
    engine->set_state(first_state(recording.network, recording.initial));
    const auto rows = replay(*engine, engine->upload(mnist().training), recording);
    ASSERT_TRUE(rows);
    EXPECT_EQ(rows->size(), 28u);
    for (const ParityRow& row : *rows) EXPECT_LE(row.difference, engine_case().keras * row.gate) << row.figure;
  }
}

class EngineAgainstKerasImages : public EngineTest {};

TEST_P(EngineAgainstKerasImages, EvaluatesTheTrainedModelAsKerasDid) {
  // Of a trained network's images few are in doubt.
  const double otherwise = engine_case().correct > 0 ? 0.001 * 10000 : 0;
  const auto expected = golden::json("keras/expected.json");
  const auto engine = make_engine(engine_case(), {.network = digits_network(), .cpu = {.threads = 2}});
  engine->set_state(first_state(digits_network(), golden::parameters("keras/trained.safetensors")));
  const ImageSet images = engine->upload(mnist().test);
  std::vector<float> probabilities(100000);
  const Metrics metrics = engine->evaluate(images, probabilities, {});

  EXPECT_EQ(metrics.rows, 10000u);
  EXPECT_TRUE(metrics.labelled);
  EXPECT_NEAR(static_cast<double>(metrics.correct), std::round(expected.at("accuracy").get<double>() * 10000),
              otherwise);
  EXPECT_NEAR(metrics.loss_sum / 10000, expected.at("loss").get<double>(), engine_case().keras * 1e-5);
  for (std::size_t row = 0; row < 20; ++row) {
    for (std::size_t kind = 0; kind < 10; ++kind) {
      EXPECT_NEAR(static_cast<double>(probabilities[row * 10 + kind]),
                  expected.at("probabilities_first_20")[row][kind].get<double>(), engine_case().keras * 1e-5);
    }
  }
  if (otherwise > 0) return;

  std::vector<std::uint64_t> confusion;
  for (const auto& row : expected.at("confusion")) {
    for (const auto& count : row) confusion.push_back(count.get<std::uint64_t>());
  }
  EXPECT_EQ(metrics.confusion, confusion);
  EXPECT_EQ(classification_report(metrics.confusion, mnist().test->class_names),
            expected.at("report").get<std::string>());
  EXPECT_EQ(classification_report(metrics.confusion, mnist().test->class_names, 4),
            expected.at("report4").get<std::string>());

  std::string predicted;
  for (auto row = probabilities.begin(); row != probabilities.end(); row += 10) {
    predicted += static_cast<char>('0' + (std::max_element(row, row + 10) - row));
  }
  EXPECT_EQ(predicted, expected.at("predicted").get<std::string>());
}

INSTANTIATE_TEST_SUITE_P(Engines, EngineAgainstKeras, every_arithmetic(), case_name);

std::vector<EngineCase> with_time_for_all_images() {
  std::vector<EngineCase> cases = arithmetic_cases();
  std::erase_if(cases, [](const EngineCase& each) { return !each.keras_images; });
  return cases;
}
INSTANTIATE_TEST_SUITE_P(Engines, EngineAgainstKerasImages, testing::ValuesIn(with_time_for_all_images()), case_name);

}  // namespace
}  // namespace nib
