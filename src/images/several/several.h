#pragma once

#include <string>
#include <vector>

#include "images/decoding/decode.h"
#include "images/several/splitting.h"

namespace nib {

/// One digit of a picture.
struct DigitOnPage {
  Box box{};  ///< of its ink, in pixels of the picture
  std::vector<float> probabilities{};
};

/// All digits of a picture, in lines from top to bottom, each from left to right.
struct DigitsOnPage {
  Polarity polarity = Polarity::dark_on_light;
  std::vector<std::vector<DigitOnPage>> lines{};
  std::size_t frames = 0;  ///< boxes and cells around digits, which were taken out

  std::size_t size() const;
};

/// More pieces of ink than this on one picture are no digits.
inline constexpr std::size_t most_pieces = 2'000;

/// Finds all digits: ink (page.h), boxes around digits taken out (frames.h), lines (text_lines.h), touching digits
/// divided (splitting.h). Throws Error (bad input), naming `source`, for a picture without a stroke, and for one with
/// more than `most_pieces` pieces.
DigitsOnPage find_digits(const GreyImage& picture, const DigitReader& read, std::size_t rows, std::size_t columns,
                         const std::string& source);

}  // namespace nib
