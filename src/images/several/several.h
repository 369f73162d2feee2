#pragma once

#include <optional>
#include <string>
#include <vector>

#include "images/decoding/decode.h"
#include "images/several/page.h"
#include "images/several/splitting.h"

namespace nib {

/// One digit of a picture.
struct DigitOnPage {
  Box box{};  ///< of its ink, in pixels of the picture
  std::vector<float> probabilities{};
  double height = 0;              ///< typical for its line's digits, in pixels of the picture
  std::optional<double> whole{};  ///< see Looks; nothing of a network whose classes are no digits
};

/// All digits of a picture, in lines from top to bottom, each from left to right.
struct DigitsOnPage {
  Polarity polarity = Polarity::dark_on_light;
  std::vector<std::vector<DigitOnPage>> lines{};
  std::size_t frames = 0;    ///< boxes and cells around digits, which were taken out
  std::size_t left_out = 0;  ///< pieces that are lower than digits and no part of one: dashes, dots, dirt

  std::size_t size() const;
};

/// The ink of a picture, sorted into lines.
struct LinesOnPage {
  Page page{};
  std::vector<TextLine> lines{};
  std::size_t frames = 0;
};

/// More pieces of ink than this on one picture are no digits.
inline constexpr std::size_t most_pieces = 2'000;

/// Ink (page.h), boxes around digits taken out (frames.h), lines (text_lines.h). Throws Error (bad input), naming
/// `source`, for a picture without a stroke, and for one with more than `most_pieces` pieces.
LinesOnPage find_lines(const GreyImage& picture, const std::string& source);

/// Finds all digits: of find_lines(), whose errors it throws, touching ones divided (splitting.h).
DigitsOnPage find_digits(const GreyImage& picture, const ReadingNetwork& network, const std::string& source);

}  // namespace nib
