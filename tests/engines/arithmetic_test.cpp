// The arithmetic that all engines share.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "nib/arithmetic/exp_log.h"
#include "nib/arithmetic/philox.h"
#include "nib/arithmetic/update_rules.h"

namespace nib {
namespace {

void expect_block(std::uint64_t key, Philox4 counter, std::array<std::uint32_t, 4> expected) {
  const Philox4 block = philox4x32_10(key, counter);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(block.word[i], expected[i]);
}

/// The known answers of the authors' Random123 library (kat_vectors, philox4x32 with 10 rounds).
TEST(Philox, GivesTheKnownAnswers) {
  constexpr std::uint32_t ones = 0xffffffffu;
  expect_block(0, {{0, 0, 0, 0}}, {0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u});
  expect_block(~std::uint64_t{0}, {{ones, ones, ones, ones}}, {0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu});
  expect_block(0x299f31d0a4093822u, {{0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u}},
               {0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u});
}

TEST(Philox, SequencesOfDifferentUsesShareNoBlock) {
  const auto first_word = [](RandomUse use, std::uint32_t first, std::uint32_t second, std::uint64_t index) {
    return random_word(1, use, first, second, index);
  };
  const std::uint32_t word = first_word(RandomUse::shuffle, 1, 2, 0);
  EXPECT_NE(word, first_word(RandomUse::dropout, 1, 2, 0));
  EXPECT_NE(word, first_word(RandomUse::shuffle, 2, 2, 0));
  EXPECT_NE(word, first_word(RandomUse::shuffle, 1, 1, 0));
  EXPECT_NE(word, first_word(RandomUse::shuffle, 1, 2, 4));
  EXPECT_EQ(word, philox4x32_10(1, {{0, 1, 2, 2}}).word[0]);
}

TEST(UnitFloat, IsAtLeastZeroAndBelowOne) {
  EXPECT_EQ(unit_float(0), 0.0f);
  EXPECT_EQ(unit_float(255), 0.0f);
  EXPECT_EQ(unit_float(0x80000000u), 0.5f);
  EXPECT_EQ(unit_float(0xffffffffu), 1.0f - 0x1.0p-24f);
}

TEST(DropoutKeeps, TheShareThatItsRateLeaves) {
  constexpr int count = 100000;
  for (const float rate : {0.0f, 0.25f, 0.5f}) {
    int kept = 0;
    for (int element = 0; element < count; ++element)
      kept += dropout_keeps(3, 2, 7, static_cast<std::uint64_t>(element), rate);
    EXPECT_NEAR(kept, count * (1.0f - rate), 700) << rate;  // over four standard deviations
  }
}

double adam_step_size(double learning_rate, std::uint64_t step) { return step_factors({}, learning_rate, step).rate; }

TEST(AdamStepSize, PassesBetasThroughFloat) {
  const double beta1 = static_cast<double>(0.9f), beta2 = static_cast<double>(0.999f);
  EXPECT_EQ(adam_step_size(0.001, 1), 0.001 * std::sqrt(1.0 - beta2) / (1.0 - beta1));
  EXPECT_NEAR(adam_step_size(0.001, 100000), 0.001, 1e-15);
}

TEST(AdamRule, AddsEpsilonToTheUncorrectedRoot) {
  const StepFactors<double> step{.rate = 0.5, .first = 0.25, .second = 0.125, .epsilon = 0.5};
  double moments[] = {1, 0.25};
  const double value = rules::Adam::updated(2.0, 3.0, moments, step);
  EXPECT_EQ(moments[0], 1.25);
  EXPECT_EQ(moments[1], 0.71875);
  EXPECT_DOUBLE_EQ(value, 3 - 0.625 / (std::sqrt(0.71875) + 0.5));
}

double ulps(float actual, double exact) {
  const auto nearest = static_cast<float>(exact);
  const double unit = static_cast<double>(std::nextafter(nearest, HUGE_VALF)) - static_cast<double>(nearest);
  return std::abs(static_cast<double>(actual) - exact) / unit;
}

TEST(ExpFloat, IsWithinAUnitInTheLastPlace) {
  double worst = 0;
  for (int i = -873000; i <= 887000; i += 7) {
    const float x = static_cast<float>(i) * 1e-4f;
    worst = std::max(worst, ulps(exp_float(x), std::exp(static_cast<double>(x))));
  }
  EXPECT_LE(worst, 1.0);
  EXPECT_EQ(exp_float(0.0f), 1.0f);
}

TEST(ExpFloat, KnowsItsLimits) {
  EXPECT_EQ(exp_float(-HUGE_VALF), 0.0f);
  EXPECT_EQ(exp_float(-1e30f), 0.0f);
  EXPECT_EQ(exp_float(HUGE_VALF), HUGE_VALF);
  EXPECT_EQ(exp_float(89.0f), HUGE_VALF);
  EXPECT_TRUE(std::isnan(exp_float(std::numeric_limits<float>::quiet_NaN())));
}

TEST(Log1pDouble, IsRightToAFewUnits) {
  for (double x = 1e-300; x < 1e300; x *= 1.37) {
    EXPECT_NEAR(log1p_double(x), std::log1p(x), 1e-15 * std::log1p(x)) << x;
  }
  EXPECT_EQ(log1p_double(0.0), 0.0);
  EXPECT_EQ(log1p_double(HUGE_VAL), HUGE_VAL);
  EXPECT_TRUE(std::isnan(log1p_double(std::numeric_limits<double>::quiet_NaN())));
}

}  // namespace
}  // namespace nib
