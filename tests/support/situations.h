#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "images/decoding/decode.h"
#include "nib/dataset.h"

namespace nib::situations {

/// Where a person may have written a digit, and how the picture of it was taken or cut: what surrounds the digit rather
/// than how it was written (that is styles.h). The digit's outline is the data set's, made smooth as there, with
/// strokes moved outwards by -0.15 to 0.35 of its pixels; unless it says otherwise, ink of 25 to 85 on paper of 185 to
/// 240 and edges 1.2 to 2.5 pixels soft, light that falls off by up to 15 % and noise of 2 to 5 levels. All is drawn
/// from Philox, keyed by picture and situation.
enum class Situation : std::uint8_t {
  desk,          ///< a sheet on a plain desk of 25 to 110, turned by up to 12 degrees, in perspective (each corner off
                 ///< by up to 8 % of the side); every third sheet is cut by the picture's border
  wood,          ///< the same on wood: planks, grain of 8 to 25 levels along them, at 50 to 140
  cloth,         ///< the same on checked cloth, squares of two levels 15 to 50 apart
  dark_sheet,    ///< chalk on a slate, on a light table
  whiteboard,    ///< a board with a grey frame of 2 to 4 % on a wall of 100 to 170, a tray with two pens
  window,        ///< a drawing program: title bar, tool bar with icons, grey surroundings, a white canvas; no noise
  box,           ///< a printed box, lines 1 to 3 % of it wide, 5 to 20 % inside the picture
  circle,        ///< a circle
  rounded_box,   ///< a box with round corners
  form_row,      ///< 3 to 6 cells in a row, one of them filled, the row cut anywhere in its neighbours
  sudoku_cell,   ///< a cell with its lines, two of them thick, cut 3 to 12 % outside of them
  frame,         ///< a line of any grey to 120 around the picture, 0 to 15 % inside its edge
  scanner_edge,  ///< dark stripes along one to three sides, up to 8 % wide, not quite level
  letterbox,     ///< black or white bars left and right, or above and below, 6 to 25 % of the side each
  punch_holes,   ///< two or three dark holes along one side, and every second picture a staple
  finger,        ///< a finger of 100 to 150 that comes in from a side, 12 to 25 % wide
  tight_crop,    ///< cut along the stroke's box, with 0 to 4 % of margin on each side
  hard_shadow,   ///< the edge of a shadow 1 to 6 pixels soft goes through the digit and takes 35 to 65 % of the light
  small_digit,   ///< a digit of 40 to 60 pixels in a photo of 1,600 to 2,000
  two_levels,    ///< pixels are 0 and 1, every second picture with 1 as ink
  seventeen_levels,  ///< 8 x 8 to 16 x 16 pixels of 0 to 16, light ink on black, as scikit-learn's digits are
};

inline constexpr std::size_t count = 21;

/// "sheet on a desk" and so on.
const char* name(Situation situation);

/// Digit `index` of the data set in a situation.
GreyImage drawn(const Dataset& dataset, std::size_t index, Situation situation);

}  // namespace nib::situations
