#include "engines/module/loaded_engine.h"

#include <gmock/gmock.h>

#include <array>

#include "engines/module/fakes.h"
#include "support/synthetic.h"

namespace nib::cuda {
namespace {

using testing::ElementsAre;

/// Images of 4x4 pixels in two classes.
const EngineOptions options{
    .network = {.input = {4, 4, 1}, .layers = {Flatten{}, Dense{.units = 2, .activation = Activation::softmax}}},
    .batch = 1};

/// Fails when told to, and trains by telling Progress of one step a number in the order.
class TinyModuleEngine : public ModuleEngine {
 public:
  std::unique_ptr<ImageSet::Storage> upload(std::shared_ptr<const Dataset>,
                                            std::optional<Failure>& failure) noexcept override {
    failure = next_failure;
    return nothing ? nullptr : std::make_unique<ImageSet::Storage>();
  }
  TrainResult train(ImageSet::Storage&, std::span<const std::uint32_t> order, std::span<const double>,
                    const Progress& progress, std::optional<Failure>& failure) noexcept override {
    had_progress = static_cast<bool>(progress);
    TrainResult result;
    for (const std::uint32_t row : order) {
      const std::array<StepResult, 1> told{{{.step = ++result.steps, .rows = row}}};
      if (progress && progress(told) == Next::stop) result.stopped = true;
      if (result.stopped && !works_ahead) break;
    }
    failure = next_failure;
    return result;
  }
  Metrics evaluate(ImageSet::Storage&, std::span<float>, const EvaluationProgress& progress,
                   std::optional<Failure>& failure) noexcept override {
    failure = next_failure;
    Metrics metrics;
    metrics.rows = 7;
    metrics.stopped = progress && progress(7) == Next::stop;
    return metrics;
  }
  void set_state(const TrainingState& state, std::optional<Failure>& failure) noexcept override {
    failure = next_failure;
    step = state.step;
  }
  TrainingState state(std::optional<Failure>& failure) const noexcept override {
    failure = next_failure;
    TrainingState now;
    now.step = step;
    return now;
  }
  Diagnostics diagnostics(ImageSet::Storage&, std::span<const std::uint32_t> order, unsigned steps,
                          std::optional<Failure>& failure) noexcept override {
    failure = next_failure;
    EXPECT_EQ(order.size(), steps);
    return {.phases = {{.name = "all", .seconds = static_cast<double>(steps)}}, .nodes = {{"kernels", 22}}};
  }
  std::string description(std::optional<Failure>& failure) const noexcept override {
    failure = next_failure;
    return "tiny";
  }
  std::vector<std::string> notes(std::optional<Failure>& failure) const noexcept override {
    failure = next_failure;
    return {"one note", "another"};
  }
  bool repeatable(std::optional<Failure>& failure) const noexcept override {
    failure = next_failure;
    return false;
  }

  std::optional<Failure> next_failure;
  bool nothing = false, works_ahead = false, had_progress = false;
  std::uint64_t step = 0;
};

class LoadedEngine : public testing::Test {
 protected:
  TinyModuleEngine* const tiny = new TinyModuleEngine;
  const std::unique_ptr<Engine> engine = adapt(std::unique_ptr<ModuleEngine>(tiny), options);
  const std::shared_ptr<const Dataset> dataset = synthetic::shared_digits(4, 4, 2, 8);
  const ImageSet images = engine->upload(dataset);
  const std::vector<std::uint32_t> order{5, 6, 7};
  const std::vector<double> rates = std::vector<double>(3, 0.001);
};

TEST_F(LoadedEngine, PassesEachCallOn) {
  std::vector<std::uint32_t> rows;
  const TrainResult trained = engine->train(images, order, rates, [&](std::span<const StepResult> steps) {
    rows.push_back(steps[0].rows);
    return rows.size() < 2 ? Next::go_on : Next::stop;
  });
  EXPECT_THAT(rows, ElementsAre(5, 6));
  EXPECT_EQ(trained.steps, 2U);
  EXPECT_TRUE(trained.stopped);
  EXPECT_EQ(engine->evaluate(images, {}, {}).rows, 7U);
  TrainingState state = first_state(options.network, zero_parameters(options.network));
  state.step = 41;
  engine->set_state(state);
  EXPECT_EQ(engine->state().step, 41U);
  const Diagnostics diagnostics = engine->diagnostics(images, order, 3);
  EXPECT_EQ(diagnostics.phases.at(0).seconds, 3);
  EXPECT_EQ(diagnostics.nodes.at(0).count, 22U);
  EXPECT_EQ(engine->state().step, 41U);
  EXPECT_EQ(engine->description(), "tiny");
  EXPECT_EQ(engine->notes(), (std::vector<std::string>{"one note", "another"}));
  EXPECT_FALSE(engine->repeatable());
  EXPECT_EQ(images.dataset().size(), 8U);
}

TEST_F(LoadedEngine, LeavesAnEmptyProgressEmpty) {
  EXPECT_EQ(engine->train(images, order, rates, {}).steps, 3U);
  EXPECT_FALSE(tiny->had_progress);
}

TEST_F(LoadedEngine, ThrowsWhatFailedBehindTheBorder) {
  tiny->next_failure = Failure{ExitCode::numeric, {.file = "weights", .problem = "not finite", .hint = "start again"}};
  const auto expect_failure = [](const auto& call) {
    const Error error = error_of(call);
    EXPECT_EQ(error.code(), ExitCode::numeric);
    EXPECT_STREQ(error.what(), "weights: not finite");
    EXPECT_EQ(error.problem().hint, "start again");
  };
  expect_failure([&] { engine->upload(synthetic::shared_digits(4, 4, 2, 2)); });
  expect_failure([&] { engine->train(images, order, rates, {}); });
  expect_failure([&] { engine->evaluate(images, {}, {}); });
  expect_failure([&] { engine->set_state(first_state(options.network, zero_parameters(options.network))); });
  expect_failure([&] { engine->state(); });
  expect_failure([&] { engine->diagnostics(images, order, 1); });
  expect_failure([&] { engine->description(); });
  expect_failure([&] { engine->notes(); });
  expect_failure([&] { engine->repeatable(); });
}

/// What guards_test.cpp says of all engines holds in front of the border, too.
TEST_F(LoadedEngine, AsksTheModuleForNothingThatIsWrong) {
  tiny->next_failure = Failure{ExitCode::device, {.problem = "the module was asked"}};
  const auto expect_refused = [](ExitCode code, const auto& call) { EXPECT_EQ(error_of(call).code(), code); };
  const std::vector<std::uint32_t> beyond{5, 6, 8};
  std::vector<float> probabilities(15);
  expect_refused(ExitCode::bad_input, [&] { engine->upload(synthetic::shared_digits(4, 5, 2, 2)); });
  expect_refused(ExitCode::bug, [&] { engine->train(images, beyond, rates, {}); });
  expect_refused(ExitCode::bug, [&] { engine->train(images, order, std::span(rates).first(2), {}); });
  expect_refused(ExitCode::bug, [&] { engine->evaluate(images, probabilities, {}); });
  expect_refused(ExitCode::bad_input, [&] { engine->set_state({}); });
  expect_refused(ExitCode::bug, [&] { engine->diagnostics(images, order, 0); });
  const std::unique_ptr<Engine> other = adapt(std::make_unique<TinyModuleEngine>(), options);
  expect_refused(ExitCode::bug, [&] { engine->evaluate(other->upload(dataset), {}, {}); });
}

TEST_F(LoadedEngine, DoesNotTakeNothingForImages) {
  tiny->nothing = true;
  EXPECT_EQ(error_of([&] { engine->upload(synthetic::shared_digits(4, 4, 2, 2)); }).code(), ExitCode::bug);
}

/// A device that works ahead still reports steps behind the one at which it was asked to stop.
TEST_F(LoadedEngine, KeepsWhatProgressThrowsAwayFromTheModule) {
  for (const bool works_ahead : {false, true}) {
    tiny->works_ahead = works_ahead;
    int calls = 0;
    const auto throwing = [&](std::span<const StepResult>) -> Next {
      if (++calls == 2) throw std::out_of_range("from Progress");
      return Next::go_on;
    };
    EXPECT_THROW(engine->train(images, order, rates, throwing), std::out_of_range);
    EXPECT_EQ(calls, 2);
  }
}

TEST_F(LoadedEngine, ThrowsOnWhatProgressThrewRatherThanWhatFailedBehindIt) {
  tiny->next_failure = Failure{ExitCode::device, {.problem = "stopped in the middle"}};
  const auto throwing = [](std::span<const StepResult>) -> Next { throw std::out_of_range("from Progress"); };
  EXPECT_THROW(engine->train(images, order, rates, throwing), std::out_of_range);
  const auto throwing_too = [](std::uint64_t) -> Next { throw std::out_of_range("from Progress"); };
  EXPECT_THROW(engine->evaluate(images, {}, throwing_too), std::out_of_range);
}

}  // namespace
}  // namespace nib::cuda
