#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "nib/dataset.h"

namespace nib {

/// What an image may show in a judge's eyes.
enum class Shown : std::uint8_t { digit, drawing, several, blot, turned };
inline constexpr std::size_t shown_kinds = 5;

/// Images that show no single upright digit, made of digits or drawn: letters in strokes, drawings, scribble; pairs of
/// digits; blots, patches and bars; digits turned by a quarter. They are for a judge to learn from: nobody has to have
/// photos of what is no digit. Each is a function of its index, from `begin` on, and of the digits alone.
struct NoDigits {
  Dataset images{};                     ///< labels are Shown
  std::vector<std::uint8_t> classes{};  ///< of a digit that was turned, which may look as before, as 0 does; else 0
};
NoDigits no_digits(const Dataset& digits, std::size_t begin, std::size_t count, unsigned threads);

/// Image `index`, turned by a quarter to the right, or to the left. For images as high as wide.
std::vector<std::uint8_t> turned(std::span<const std::uint8_t> pixels, std::uint32_t side, bool to_the_right);

}  // namespace nib
