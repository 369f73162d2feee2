#include "pictures/confusion_shade.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "drawing/palette.h"

namespace nib {
namespace {

using Channels = std::array<double, 3>;

/// The colour of a role on white paper, at an opacity.
Channels blended(Role role, double opacity) {
  const Colour colour = colour_of(role);
  const auto channel = [&](std::uint8_t value) { return 255 + opacity * (value - 255.0); };
  return {channel(colour.red), channel(colour.green), channel(colour.blue)};
}

/// Relative luminance, WCAG 2.1.
double luminance(const Channels& colour) {
  const auto linear = [](double value) {
    value /= 255;
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);
}

double contrast(const Channels& one, const Channels& other) {
  const auto [low, high] = std::minmax({luminance(one), luminance(other)});
  return (high + 0.05) / (low + 0.05);
}

TEST(ConfusionShade, HasTextOfEnoughContrastOnEveryShade) {
  for (int i = 0; i <= 10000; ++i) {
    const double share = i / 10000.0;
    const Shade right = shade_of_right(share), wrong = shade_of_wrong(share);
    ASSERT_GE(contrast(blended(Role::right, right.opacity), blended(right.text, 1)), 4.5) << share;
    ASSERT_GE(contrast(blended(Role::wrong, wrong.opacity), blended(wrong.text, 1)), 4.5) << share;
  }
}

TEST(ConfusionShade, GrowsWithTheShare) {
  for (int i = 1; i <= 10000; ++i) {
    EXPECT_GE(shade_of_right(i / 10000.0).opacity, shade_of_right((i - 1) / 10000.0).opacity);
    EXPECT_GE(shade_of_wrong(i / 10000.0).opacity, shade_of_wrong((i - 1) / 10000.0).opacity);
  }
  EXPECT_DOUBLE_EQ(shade_of_right(1).opacity, 1);
  EXPECT_GT(shade_of_wrong(1e-6).opacity, 0.05);
}

TEST(ConfusionShade, TellsSharesOfTheDiagonalApart) {
  const double steps[] = {0.5, 0.9, 0.97, 0.99, 0.997, 0.999};
  for (std::size_t i = 1; i < std::size(steps); ++i)
    EXPECT_GE(shade_of_right(steps[i]).opacity - shade_of_right(steps[i - 1]).opacity, 0.05) << steps[i];
  EXPECT_GT(shade_of_right(0.999).opacity - shade_of_right(0.97).opacity, 0.5);
}

}  // namespace
}  // namespace nib
