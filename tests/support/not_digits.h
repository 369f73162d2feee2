#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "images/decoding/decode.h"
#include "nib/dataset.h"

namespace nib::styles {

/// Pictures that show no single upright digit, as people may hand them to a reader of digits; see photograph() for
/// paper, pen and light.
enum class NotDigit : std::uint8_t {
  blank,       ///< empty paper: plain, ruled, squared, with the edge of a shadow or a fold, with a few specks
  texture,     ///< cloth, wood, stone, bricks, stripes, dots, scribble, from coarse to fine
  drawing,     ///< a house, a face, a star, a tree, a fish ... in one line width, by an unsteady hand
  two_digits,  ///< two of the data set's digits side by side, from overlapping by 4 pixels of its to 12 apart
  letter,      ///< of an installed font, upright or bold or slanted; none of O o I l S s Z z B b g q
  turned,      ///< a digit turned by 90 degrees to one side or the other; none of 0, 1 and 8
};

inline constexpr std::array all_not_digits = {NotDigit::blank,      NotDigit::texture, NotDigit::drawing,
                                              NotDigit::two_digits, NotDigit::letter,  NotDigit::turned};

const char* name(NotDigit kind);

/// Whether a font with Latin letters is installed.
bool has_letter_fonts();

/// Which pictures: rules and thresholds were chosen on `tuning`, figures are told of `holding`.
enum class PictureSet : std::uint32_t { tuning = 1, holding = 2 };

/// Picture `index` of a kind. `digits` are those that it may show.
GreyImage not_a_digit(NotDigit kind, PictureSet set, std::size_t index, const Dataset& digits);

}  // namespace nib::styles
