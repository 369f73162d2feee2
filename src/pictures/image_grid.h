#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "drawing/drawing.h"
#include "nib/dataset.h"

namespace nib {

/// One image of a grid with what stands over and under it.
struct GridImage {
  std::size_t index = 0;             ///< into the set
  std::vector<std::string> above{};  ///< a line each, centred
  bool wrong = false;                ///< set off: its text in red and bold, a thick frame
  std::optional<double> share{};     ///< a bar under the image, from 0 to 1, with its number
};

/// "97.1 %"; what is not quite 0 or 1 does not become it by rounding: "<0.1 %", ">99.9 %".
std::string rounded_percent(double share);

/// The side of an image in units, and of one of which three fit beside each other on a phone.
inline constexpr double large_image = 140, small_image = 96;

/// Images of a set, `across` in a row, in their order. All have as many lines above as the first, and a bar where the
/// first has one.
Drawing image_grid(const Dataset& dataset, std::span<const GridImage> images, std::size_t across,
                   double side = large_image);

}  // namespace nib
