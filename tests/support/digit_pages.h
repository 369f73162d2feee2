#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "images/decoding/decode.h"
#include "images/preparation/mask.h"
#include "nib/dataset.h"

namespace nib::pages {

/// How several digits stand on a page. In all layouts each digit's outline is that of the data set, made smooth (see
/// styles.h), its 28 x 28 pixels drawn as 50 to 130 pixels a side, each digit 6 % larger or smaller than its line and
/// up to 3 % of the frame above or below it; a line slopes by up to 2.5 degrees, and its digits are sheared by up to
/// 0.15. Edges are 1.5 to 2.5 pixels soft; ink, paper, fall of light, mottle and noise are those of styles.h, every
/// fourth page light on dark. All of it is drawn from Philox, keyed by layout, page and seed.
enum class Layout : std::uint8_t {
  line,  ///< 4 to 10 digits; between neighbours, where they come nearest, a gap that a page chooses of: 35 to 80 % of a
         ///< digit's height (every sixth page), 10 to 35 % (two of six), 3 to 12 % (two of six), or 3 to 12 % with each
         ///< neighbour by a chance of 1/5 touching, by 2 to 5 % of the height (one of six)
  grid,  ///< 2 to 5 lines of 3 to 8 digits, gaps of 15 to 50 %, 25 to 60 % of the height between lines
  cells,  ///< a form's row: 4 to 10 digits, each in a box of its own or in boxes that share their walls
  marks,  ///< 4 to 10 digits, and between neighbours, by a chance of 1/3, a dash of 20 to 45 % of a digit's height or a
          ///< dot on the line, of 12 to 20 %; gaps of 6 to 35 %, also between digits and marks
};
inline constexpr std::array all = {Layout::line, Layout::grid, Layout::cells, Layout::marks};

/// "a line" and so on.
const char* name(Layout layout);

struct WrittenDigit {
  std::size_t image = 0;  ///< of the data set
  Box box{};              ///< of its ink
  bool touches = false;   ///< the digit before it
  GreyImage alone{};      ///< the same digit, as it is drawn here, on a picture of its own, where that was asked for
};

struct WrittenPage {
  GreyImage picture{};
  std::vector<std::vector<WrittenDigit>> lines{};  ///< from top to bottom, each from left to right
};

/// Page `index` of a layout, of digits that are drawn from images [first, last) of the data set. `touching` replaces
/// the layout's chance of touching neighbours where it is not negative. `alone` asks for each digit's own picture, too,
/// with the page's kind of paper and ink.
WrittenPage written(const Dataset& dataset, std::size_t first, std::size_t last, Layout layout, std::size_t index,
                    std::uint64_t seed, float touching = -1, bool alone = false);

}  // namespace nib::pages
