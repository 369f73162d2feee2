#pragma once

#include <string>

#include "images/decoding/decode.h"
#include "images/preparation/field.h"
#include "images/preparation/levels.h"
#include "images/preparation/mask.h"
#include "images/preparation/polarity.h"

namespace nib {

/// The ink of a whole picture. It is found as prepare_image() finds it, but on up to 2,000 pixels a side and
/// without smoothing: a digit of a sheet is small.
struct Page {
  Polarity polarity = Polarity::dark_on_light;
  std::size_t factor = 1;  ///< pixels of the picture a pixel of the page, each way
  Field ink{};             ///< ink_strength(), without ruled lines
  InkLevels levels{};
  Mask mask{};  ///< what is ink
};

/// Throws Error (bad input), naming `source`, where the picture shows no stroke.
Page read_page(const GreyImage& picture, const std::string& source);

/// A box of the page in pixels of the picture.
Box in_picture(const Box& box, std::size_t factor, const GreyImage& picture);

}  // namespace nib
