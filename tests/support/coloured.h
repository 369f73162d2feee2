#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "nib/dataset.h"

namespace nib::coloured {

/// Ink and ground that are nearly of one grey (the ink's is off by up to 5 levels) but of different colour. The digit's
/// outline is the data set's, made smooth, with strokes moved outwards by -0.15 to 0.35 of its pixels, 200 to 420
/// pixels a side; edges 1.5 to 3 pixels soft, light that falls off by up to 15 %, noise of 2 to 5 levels in each of
/// red, green and blue. All is drawn from Philox, keyed by picture and pair.
enum class Pair : std::uint8_t {
  red_on_green,
  blue_on_purple,
  yellow_on_white,  ///< light yellow: 3 to 8 % darker than the paper
  orange_on_pink,
  any,  ///< two colours of any hue, at least 50 levels apart in Cb and Cr
};
inline constexpr std::array pairs = {Pair::red_on_green, Pair::blue_on_purple, Pair::yellow_on_white,
                                     Pair::orange_on_pink, Pair::any};
const char* name(Pair pair);

/// Red, green and blue of each pixel.
struct Picture {
  std::size_t rows = 0, columns = 0;
  std::vector<std::uint8_t> rgb{};
};
/// Digit `index` of the data set.
Picture drawn(const Dataset& dataset, std::size_t index, Pair pair);

/// As files: a PPM; a JPEG whose colours have half the rows and columns, as cameras' have.
std::vector<std::uint8_t> ppm(const Picture& picture);
std::vector<std::uint8_t> jpeg(const Picture& picture, int quality);

}  // namespace nib::coloured
