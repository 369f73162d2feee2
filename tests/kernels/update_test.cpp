#include "kernels/update.h"

#include <cfloat>
#include <cmath>
#include <memory>

#include "kernels/kernel_test.h"
#include "nib/arithmetic/update_rules.h"

namespace nib::kernels {
namespace {

constexpr StepFactors<float> factors{.rate = 0.00123f, .first = 0.1f, .second = 0.001f, .epsilon = 1e-7f};

/// Parameters, moments, gradients and the step's control, on the device.
struct UpdateCase {
  UpdateCase(cudaStream_t given_stream, std::vector<float> start_values, std::vector<float> start_first,
             std::vector<float> start_second, Control given_control)
      : stream(given_stream),
        values(stream, start_values),
        first(stream, start_first),
        second(stream, start_second),
        records(stream, std::vector<StepRecord>(9, StepRecord{1.5, 3, 7})),
        control(stream, {with_records(given_control)}),
        size(start_values.size()) {}

  Control with_records(Control given) const {
    given.records = records.data();
    return given;
  }

  void run(const std::vector<float>& gradients) {
    const DeviceArray<float> on_device(stream, gradients);
    update({.values = values.data(),
            .moments = {first.data(), second.data()},
            .gradients = on_device.data(),
            .size = size},
           {}, control.data(), stream);
    NIB_CHECK_CUDA(cudaStreamSynchronize(stream));
  }

  cudaStream_t stream;
  DeviceArray<float> values, first, second;
  DeviceArray<StepRecord> records;
  DeviceArray<Control> control;
  std::uint64_t size;
};

class UpdateTest : public KernelTest {
 protected:
  /// Runs two steps and expects the definition's bits.
  void check(std::size_t size) const {
    SCOPED_TRACE(size);
    std::vector<float> values = random_numbers(size, 1), first = random_numbers(size, 2),
                       second = random_numbers(size, 3);
    for (float& number : second) number *= number;
    UpdateCase update(stream, values, first, second, {.step = 2, .finished_steps = 40, .factors = factors});
    for (std::uint32_t step = 0; step < 2; ++step) {
      const std::vector<float> gradients = random_numbers(size, 10 + step);
      for (std::size_t i = 0; i < size; ++i) {
        float moments[] = {first[i], second[i]};
        values[i] = rules::Adam::updated(gradients[i], values[i], moments, factors);
        first[i] = moments[0];
        second[i] = moments[1];
      }
      update.run(gradients);
    }
    expect_same(update.values.download(), values);
    expect_same(update.first.download(), first);
    expect_same(update.second.download(), second);
    const Control control = update.control.download()[0];
    EXPECT_EQ(control.step, 4u);
    EXPECT_EQ(control.finished_steps, 42u);
    EXPECT_EQ(control.nonfinite_step, 0u);
    EXPECT_EQ(control.parameters_nonfinite, 0u);
    EXPECT_EQ(control.factors.rate, factors.rate);
    for (const StepRecord& record : update.records.download()) EXPECT_EQ(record.rows, 7u);
  }

  /// Runs one update of 600 numbers that are all ordinary but for the one at `place`; whether the flag was set.
  bool flags_parameters(std::size_t place, float value, float first, float second, float gradient) const {
    std::vector<float> values(600, 0.5f), firsts(600, 0.1f), seconds(600, 0.2f), gradients(600, 0.01f);
    values[place] = value;
    firsts[place] = first;
    seconds[place] = second;
    gradients[place] = gradient;
    UpdateCase update(stream, values, firsts, seconds, {.factors = factors});
    update.run(gradients);
    return update.control.download()[0].parameters_nonfinite != 0;
  }
};

TEST_F(UpdateTest, Small) { check(600); }

/// One number, a block less one, a block, one more, and more than all blocks hold at once.
TEST_F(UpdateTest, EqualsTheDefinitionBitForBit) {
  for (const std::size_t size : {1u, 255u, 256u, 257u, 1048576u + 300u}) check(size);
}

/// Every rule, alone and beside all else: weights decay, biases do not; gradients are clipped by their norm.
template <typename Settings>
void expect_definition(cudaStream_t stream, const Settings& settings, bool beside) {
  using Rule = decltype(rules::rule_for(settings));
  SCOPED_TRACE(Rule::moments);
  Optimizer optimizer{.rule = settings};
  if (beside) {
    optimizer.weight_decay = 1;
    optimizer.clip_norm = 2;
    optimizer.average = 0.5;
  }
  constexpr std::size_t size = 600, weights = 450;
  const StepFactors<float> step{
      .rate = 0.1f, .first = 0.9f, .second = 0.25f, .epsilon = 1e-3f, .scale = 1, .decay = 0.0625f, .keep = 0.75f};
  const std::size_t kept = Rule::moments + (beside ? 1 : 0);
  std::vector<float> values = random_numbers(size, 1), gradients = random_numbers(size, 2);
  std::vector<std::vector<float>> moments;
  for (std::size_t m = 0; m < kept; ++m) {
    moments.push_back(random_numbers(size, static_cast<std::uint32_t>(3 + m)));
    for (float& number : moments.back()) number *= number;
  }
  const DeviceArray<float> values_there(stream, values), gradients_there(stream, gradients);
  const DeviceArray<double> squares(stream, std::vector<double>(square_parts, -1.0));
  std::vector<std::unique_ptr<DeviceArray<float>>> moments_there;
  UpdateArrays arrays{.values = values_there.data(),
                      .gradients = gradients_there.data(),
                      .size = size,
                      .weights = weights,
                      .squares = squares.data()};
  for (std::size_t m = 0; m < kept; ++m) {
    moments_there.push_back(std::make_unique<DeviceArray<float>>(stream, moments[m]));
    arrays.moments[m] = moments_there[m]->data();
  }
  const DeviceArray<StepRecord> records(stream, std::vector<StepRecord>(1));
  Control control;
  control.factors = step;
  control.records = records.data();
  const DeviceArray<Control> control_there(stream, {control});
  if (beside) sum_squares(gradients_there.data(), size, squares.data(), stream);
  update(arrays, optimizer, control_there.data(), stream);
  NIB_CHECK_CUDA(cudaStreamSynchronize(stream));

  StepFactors<float> scaled = step;
  double sum = 0;
  for (const float gradient : gradients) sum += static_cast<double>(gradient) * static_cast<double>(gradient);
  if (beside) scaled.scale = static_cast<float>(rules::clip_scale(2, std::sqrt(sum)));
  EXPECT_EQ(beside, scaled.scale < 1) << "nothing is clipped";
  for (std::size_t i = 0; i < size; ++i) {
    float own[most_moments] = {};
    for (std::size_t m = 0; m < kept; ++m) own[m] = moments[m][i];
    values[i] = beside
                    ? rules::updated_beside<Rule>(gradients[i], values[i], i < weights ? step.decay : 0.0f, own, scaled)
                    : Rule::updated(gradients[i], values[i], own, step);
    if (beside) own[Rule::moments] = rules::averaged(own[Rule::moments], values[i], step);
    for (std::size_t m = 0; m < kept; ++m) moments[m][i] = own[m];
  }
  expect_same(values_there.download(), values);
  for (std::size_t m = 0; m < kept; ++m) expect_same(moments_there[m]->download(), moments[m]);
}

TEST_F(UpdateTest, FollowsEveryRule) {
  for (const bool beside : {false, true}) {
    expect_definition(stream, Adam{}, beside);
    expect_definition(stream, AmsGrad{}, beside);
    expect_definition(stream, Sgd{}, beside);
    expect_definition(stream, Momentum{}, beside);
    expect_definition(stream, Nesterov{}, beside);
    expect_definition(stream, RmsProp{}, beside);
  }
}

/// More weights than all blocks take at once, and a few.
TEST_F(UpdateTest, PenalizesWeights) {
  for (const std::size_t size : {300u, square_parts * 256u + 77u}) {
    SCOPED_TRACE(size);
    const std::vector<float> weights = random_numbers(size, 1);
    std::vector<float> gradients = random_numbers(size + 10, 2);
    const DeviceArray<float> weights_there(stream, weights), gradients_there(stream, gradients);
    const DeviceArray<double> squares(stream, std::vector<double>(square_parts, -1.0));
    const DeviceArray<Control> control(stream, {Control{}});
    penalize({.weights = weights_there.data(),
              .gradients = gradients_there.data(),
              .size = size,
              .pull = 0.3f,
              .squares = squares.data()},
             control.data(), stream);
    NIB_CHECK_CUDA(cudaStreamSynchronize(stream));
    double sum = 0, found = 0;
    for (std::size_t i = 0; i < size; ++i) {
      gradients[i] = rules::pulled(gradients[i], weights[i], 0.3f);
      sum += static_cast<double>(weights[i]) * static_cast<double>(weights[i]);
    }
    for (const double part : squares.download()) found += part;
    expect_same(gradients_there.download(), gradients);
    EXPECT_NEAR(found, sum, 1e-12 * sum);
    EXPECT_EQ(control.download()[0].nonfinite_step, 0u);
  }
}

TEST_F(UpdateTest, TellsWherePenalizedGradientsAreNotFinite) {
  const DeviceArray<float> weights(stream, std::vector<float>{1, 3e30f, 1}), gradients(stream, std::vector<float>(3));
  const DeviceArray<double> squares(stream, std::vector<double>(square_parts));
  for (const std::uint64_t before : {0u, 12u}) {
    const DeviceArray<Control> control(stream, {Control{.finished_steps = 40, .nonfinite_step = before}});
    penalize(
        {.weights = weights.data(), .gradients = gradients.data(), .size = 3, .pull = 1, .squares = squares.data()},
        control.data(), stream);
    NIB_CHECK_CUDA(cudaStreamSynchronize(stream));
    EXPECT_EQ(control.download()[0].nonfinite_step, before == 0 ? 41 : before);
  }
}

/// Of each row, beside its own loss; a step that was not finite has none.
TEST_F(UpdateTest, AddsThePenaltyToTheRecord) {
  for (const std::uint64_t nonfinite_step : {0u, 1u}) {
    const DeviceArray<float> numbers(stream, std::vector<float>(700, 0.5f));
    const DeviceArray<double> squares(stream, std::vector<double>(square_parts, 0.25));
    const DeviceArray<StepRecord> records(stream, std::vector<StepRecord>(2, StepRecord{1.5, 3, 7}));
    const DeviceArray<Control> control(
        stream, {Control{.records = records.data(), .step = 1, .nonfinite_step = nonfinite_step}});
    update({.values = numbers.data(), .gradients = numbers.data(), .size = 700, .weight_squares = squares.data()},
           {.rule = Sgd{}, .l2 = 0.125}, control.data(), stream);
    NIB_CHECK_CUDA(cudaStreamSynchronize(stream));
    const std::vector<StepRecord> told = records.download();
    EXPECT_EQ(told[0].loss, 1.5);
    EXPECT_EQ(told[1].loss, nonfinite_step == 0 ? 1.5 + 7 * 0.125 * square_parts * 0.25 : 0);
    EXPECT_EQ(told[1].rows, nonfinite_step == 0 ? 7u : 0u);
    EXPECT_EQ(control.download()[0].step, 2u);
  }
}

TEST_F(UpdateTest, ChangesNothingOnceAStepWasNotFinite) {
  const std::vector<float> values = random_numbers(700, 1), moments(700, 0.25f);
  for (const std::uint64_t nonfinite_step : {41u, 40u}) {
    UpdateCase update(stream, values, moments, moments,
                      {.step = 5, .finished_steps = 40, .nonfinite_step = nonfinite_step, .factors = factors});
    update.run(std::vector<float>(700, nan));
    expect_same(update.values.download(), values);
    expect_same(update.first.download(), moments);
    expect_same(update.second.download(), moments);
    const Control control = update.control.download()[0];
    EXPECT_EQ(control.step, 6u);
    EXPECT_EQ(control.finished_steps, 40u);
    EXPECT_EQ(control.nonfinite_step, nonfinite_step);
    EXPECT_EQ(control.parameters_nonfinite, 0u);
    const std::vector<StepRecord> records = update.records.download();
    for (std::size_t i = 0; i < records.size(); ++i) {
      EXPECT_EQ(records[i].rows, i == 5 ? 0u : 7u) << i;
      EXPECT_EQ(records[i].correct, i == 5 ? 0u : 3u) << i;
      EXPECT_EQ(records[i].loss, i == 5 ? 0.0 : 1.5) << i;
    }
  }
}

TEST_F(UpdateTest, NotesParametersAndMomentsThatAreNotFinite) {
  for (const std::size_t place : {0u, 255u, 256u, 300u, 599u}) {
    SCOPED_TRACE(place);
    EXPECT_FALSE(flags_parameters(place, FLT_MAX, 0.1f, 0.2f, 0.01f));
    EXPECT_TRUE(flags_parameters(place, nan, 0.1f, 0.2f, 0.01f));
    EXPECT_TRUE(flags_parameters(place, -infinity, 0.1f, 0.2f, 0.01f));
    EXPECT_TRUE(flags_parameters(place, 0.5f, infinity, infinity, 0.01f)) << "the moments";
    EXPECT_TRUE(flags_parameters(place, 0.5f, 0.1f, infinity, 0.01f)) << "the second moment alone";
    EXPECT_TRUE(flags_parameters(place, 0.5f, 0.1f, 0.2f, 1e20f)) << "a second moment that overflows";
    EXPECT_TRUE(flags_parameters(place, -FLT_MAX, 3e38f, 0.0f, 0.0f)) << "a parameter that overflows";
  }
}

}  // namespace
}  // namespace nib::kernels
