// What engines refuse to be called with: the same on all of them, before anything has changed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "base/error.h"
#include "engines/engine_case.h"
#include "support/synthetic.h"

namespace nib {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const Network network{.input = {6, 5, 1},
                      .layers = {Convolution{.filters = 3, .activation = Activation::relu}, Flatten{},
                                 Dense{.units = 4, .activation = Activation::softmax}}};

/// Ten images in steps of four.
class EngineGuards : public EngineTest {
 protected:
  static constexpr std::uint32_t count = 10;

  void SetUp() override {
    EngineTest::SetUp();
    if (IsSkipped()) return;
    // A step first, so that there are gradients of an earlier call that could do harm.
    train(labelled(), order, rates);
    before = engine->state();
  }

  static std::shared_ptr<const Dataset> dataset() { return synthetic::shared_digits(6, 5, 4, count); }
  std::unique_ptr<Engine> new_engine() const { return make_engine(engine_case(), {.network = network, .batch = 4}); }
  ImageSet labelled() { return engine->upload(dataset()); }
  ImageSet unlabelled() {
    Dataset images = *dataset();
    images.labels.clear();
    return engine->upload(std::make_shared<const Dataset>(std::move(images)));
  }
  TrainResult train(const ImageSet& images, const std::vector<std::uint32_t>& rows,
                    const std::vector<double>& learning_rates) {
    return engine->train(images, rows, learning_rates, [&](auto) {
      ++reports;
      return Next::go_on;
    });
  }

  /// `call` ends with an error of this kind whose message says this, and has done nothing.
  template <typename Call>
  void expect_refused(ExitCode code, const testing::Matcher<std::string>& message, const Call& call) {
    reports = 0;
    try {
      call();
      ADD_FAILURE() << "not refused";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.what();
      EXPECT_THAT(error.what(), message);
    }
    EXPECT_EQ(reports, 0);
    const TrainingState after = engine->state();
    EXPECT_EQ(after.step, before.step);
    EXPECT_EQ(after.parameters, before.parameters);
    EXPECT_EQ(after.moments, before.moments);
  }

  std::unique_ptr<Engine> engine = new_engine();
  std::vector<std::uint32_t> order = synthetic::file_order(count);
  std::vector<double> rates = std::vector<double>(3, 0.001);
  TrainingState before;
  int reports = 0;  ///< of train() since the last expect_refused()
};

TEST_P(EngineGuards, NeedLabelsToTrain) {
  const ImageSet images = unlabelled();
  const auto message = AllOf(HasSubstr("labels"), HasSubstr("expected 10"), HasSubstr("got 0"));
  expect_refused(ExitCode::bad_input, message, [&] { train(images, order, rates); });
  expect_refused(ExitCode::bad_input, message, [&] { engine->diagnostics(images, order, 1); });
}

TEST_P(EngineGuards, WantALearningRateForEachStep) {
  const ImageSet images = labelled();
  for (const std::size_t given : {0u, 2u, 4u}) {
    const auto message =
        AllOf(HasSubstr("learning_rates"), HasSubstr("expected 3"), HasSubstr("got " + std::to_string(given)));
    expect_refused(ExitCode::bug, message, [&] { train(images, order, std::vector<double>(given, 0.001)); });
  }
  expect_refused(ExitCode::bug, HasSubstr("expected 0, got 1"), [&] { train(images, {}, {0.001}); });
}

TEST_P(EngineGuards, WantNoImageBeyondTheSet) {
  const ImageSet images = labelled();
  for (const std::uint32_t beyond : {count, 4'000'000'000u}) {
    order[7] = beyond;
    const auto message =
        AllOf(HasSubstr("order[7]"), HasSubstr("less than 10"), HasSubstr("got " + std::to_string(beyond)));
    expect_refused(ExitCode::bug, message, [&] { train(images, order, rates); });
    expect_refused(ExitCode::bug, message, [&] { engine->diagnostics(images, order, 1); });
  }
}

TEST_P(EngineGuards, WantASetOfTheirOwn) {
  const auto other = new_engine();
  const ImageSet images = other->upload(dataset());
  const auto message = HasSubstr("images: the set belongs to another engine");
  expect_refused(ExitCode::bug, message, [&] { train(images, order, rates); });
  expect_refused(ExitCode::bug, message, [&] { engine->evaluate(images, {}, {}); });
  expect_refused(ExitCode::bug, message, [&] { engine->diagnostics(images, order, 1); });
}

TEST_P(EngineGuards, WantRoomForEachProbability) {
  const ImageSet images = labelled();
  for (const std::size_t given : {1u, 39u, 41u}) {
    std::vector<float> probabilities(given, -1.0f);
    const auto message =
        AllOf(HasSubstr("probabilities"), HasSubstr("10 x 4"), HasSubstr("got " + std::to_string(given)));
    expect_refused(ExitCode::bug, message, [&] { engine->evaluate(images, probabilities, {}); });
    EXPECT_THAT(probabilities, testing::Each(-1.0f));
  }
}

TEST_P(EngineGuards, MeasureSomething) {
  const ImageSet images = labelled();
  expect_refused(ExitCode::bug, HasSubstr("order: "), [&] { engine->diagnostics(images, {}, 1); });
  expect_refused(ExitCode::bug, HasSubstr("steps: "), [&] { engine->diagnostics(images, order, 0); });
}

TEST_P(EngineGuards, WantTheTensorsOfTheirNetwork) {
  const auto wrong_bias = [](std::vector<Tensor>& tensors) -> Tensor& { return tensors[1]; };
  using Change = std::function<void(std::vector<Tensor>&)>;
  const std::vector<std::pair<std::string, Change>> changes = {
      {"fc1.bias", [](auto& tensors) { tensors.pop_back(); }},
      {"fc2.bias",
       [](auto& tensors) {
         tensors.push_back({"fc2.bias", {1}, {0.0f}});
       }},
      {"conv1.weight", [](auto& tensors) { tensors.clear(); }},
      {"conv1.bias", [&](auto& tensors) { wrong_bias(tensors).name = "conv2.bias"; }},
      {"conv1.bias",
       [&](auto& tensors) {
         wrong_bias(tensors).shape = {3, 1};
       }},
      {"conv1.bias", [&](auto& tensors) { wrong_bias(tensors).values.pop_back(); }}};
  for (const auto& [field, change] : changes) {
    TrainingState state = before;
    state.step = 77;
    for (float& value : state.parameters.tensors[0].values) value = 0.5f;
    const std::pair<std::string, std::function<Parameters&(TrainingState&)>> parts[] = {
        {"", [](TrainingState& all) -> Parameters& { return all.parameters; }},
        {"adam.m.", [](TrainingState& all) -> Parameters& { return all.moments[0].values; }},
        {"adam.v.", [](TrainingState& all) -> Parameters& { return all.moments[1].values; }}};
    for (const auto& [what, part] : parts) {
      SCOPED_TRACE(what + field);
      TrainingState wrong = state;
      change(part(wrong).tensors);
      expect_refused(ExitCode::bad_input, testing::StartsWith(what + field), [&] { engine->set_state(wrong); });
    }
  }
}

TEST_P(EngineGuards, TakeNoStateWithoutItsMoments) {
  const auto refused = [&](const TrainingState& wrong) {
    expect_refused(ExitCode::bad_input, HasSubstr("moments: not those of the optimizer (expected adam.m and adam.v"),
                   [&] { engine->set_state(wrong); });
  };
  TrainingState state = before;
  std::swap(state.moments[0].name, state.moments[1].name);
  refused(state);
  state.moments.pop_back();
  refused(state);
}

TEST_P(EngineGuards, TakeNoSetWithTooFewLabels) {
  Dataset images = *dataset();
  images.labels.pop_back();
  const auto message = AllOf(HasSubstr("labels"), HasSubstr("0 or 10"), HasSubstr("got 9"));
  expect_refused(ExitCode::bad_input, message, [&] { engine->upload(std::make_shared<const Dataset>(images)); });
  expect_refused(ExitCode::bug, HasSubstr("dataset"), [&] { engine->upload(nullptr); });
}

TEST_P(EngineGuards, TakeNoBatchOfNone) {
  expect_refused(ExitCode::bug, HasSubstr("batch"),
                 [&] { make_engine(engine_case(), {.network = network, .batch = 0}); });
}

TEST_P(EngineGuards, TakeNoAugmentationOrSmoothingOutOfRange) {
  const auto refused = [&](const Augmentation& augmentation, double label_smoothing, const std::string& message) {
    expect_refused(ExitCode::bug, HasSubstr(message), [&] {
      make_engine(engine_case(),
                  {.network = network, .augmentation = augmentation, .label_smoothing = label_smoothing});
    });
  };
  refused({.shift = 256}, 0, "augmentation.shift: out of range (expected 0 to 255, got 256)");
  refused({.rotate = -1}, 0, "augmentation.rotate: out of range (expected 0 to 180, got -1)");
  refused({.scale = std::numeric_limits<double>::quiet_NaN()}, 0, "augmentation.scale: out of range");
  refused({}, 1, "label_smoothing: out of range");
}

TEST_P(EngineGuards, TakeNoOptimizerOutOfRange) {
  const auto refused = [&](const Optimizer& optimizer, const std::string& field) {
    expect_refused(ExitCode::bug, HasSubstr(field + ": out of range"),
                   [&] { make_engine(engine_case(), {.network = network, .optimizer = optimizer}); });
  };
  refused({.weight_decay = 1001}, "optimizer.weight_decay");
  refused({.clip_norm = 0.0}, "optimizer.clip_norm");
  refused({.average = 1.0}, "optimizer.average");
}

TEST_P(EngineGuards, TakeNoPenaltyOutOfRange) {
  for (const double l2 : {-0.1, 1001.0, std::numeric_limits<double>::quiet_NaN()})
    expect_refused(ExitCode::bug, HasSubstr("l2: out of range (expected 0 to 1000, got"),
                   [&] { make_engine(engine_case(), {.network = network, .optimizer = {.l2 = l2}}); });
}

/// What is refused leaves the engine as it was also for the calls that come after.
TEST_P(EngineGuards, DisturbNoLaterCall) {
  const auto undisturbed = new_engine();
  const ImageSet theirs = undisturbed->upload(dataset()), ours = labelled();
  undisturbed->set_state(before);
  undisturbed->train(theirs, order, rates, {});
  expect_refused(ExitCode::bad_input, HasSubstr("labels"), [&] { train(unlabelled(), order, rates); });
  EXPECT_EQ(train(ours, order, rates).rows, count);
  EXPECT_EQ(engine->state().parameters, undisturbed->state().parameters);
}

INSTANTIATE_TEST_SUITE_P(Engines, EngineGuards, every_engine(), case_name);

}  // namespace
}  // namespace nib
