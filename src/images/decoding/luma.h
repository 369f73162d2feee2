#pragma once

#include <cstdint>

namespace nib {

/// The light of a colour by ITU-R Rec. BT.601, rounded: 0.299 red + 0.587 green + 0.114 blue.
constexpr std::uint8_t luma(std::uint32_t red, std::uint32_t green, std::uint32_t blue) {
  return static_cast<std::uint8_t>((299 * red + 587 * green + 114 * blue + 500) / 1000);
}

/// How far a colour is from grey, by the same standard: Cb and Cr, without the 128 that is added to them in files, as
/// Cb = 0.5 blue - 0.168736 red - 0.331264 green, Cr = 0.5 red - 0.418688 green - 0.081312 blue.
struct ColourDifference {
  int blue = 0, red = 0;
};
constexpr ColourDifference colour_difference(int red, int green, int blue) {
  constexpr int one = 65'536, half = one / 2;
  const auto rounded = [](int sum) { return (sum + 128 * one + half - 1) / one - 128; };
  return {rounded(half * blue - 11'059 * red - 21'709 * green), rounded(half * red - 27'439 * green - 5'329 * blue)};
}

}  // namespace nib
