#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "images/decoding/decode.h"
#include "nib/dataset.h"

namespace nib::styles {

/// How a person may have written and photographed a digit. In all of them the digit's outline is that of the data set:
/// its 28 x 28 pixels made smooth (Catmull-Rom, then the contour at half ink), drawn without rotation so that its whole
/// frame of 28 x 28 becomes 140 to 360 pixels a side unless another size is named, anywhere on a canvas that is 1 to
/// 1.5 times as large in each direction. Ink and paper are greys that vary from picture to picture, by default a pen of
/// 30 to 80 on paper of 190 to 240; every fourth picture of a style that does not name its polarity is light on dark, a
/// chalk of 190 to 235 on a board of 25 to 75. Edges are 1.5 to 3 pixels soft (an optical blur). The light falls off
/// by up to 12 % over the picture, the paper has a mottle of up to 3 levels, and the sensor's noise a standard
/// deviation of 3 to 6 levels. All of it is drawn from Philox, keyed by picture and style: the same on every machine
/// but for rounding.
enum class Style : std::uint8_t {
  thick_strokes,  ///< a felt pen: the outline moved outwards by 0.45 to 0.75 of the data set's pixels all around, which
                  ///< makes a usual stroke 1.4 to 1.6 times as wide; frames of 120 to 600 pixels
  thin_strokes,   ///< a ball pen as wide as 0.6 to 1.1 of the data set's pixels, along the middle lines of the strokes
  dark_on_light,  ///< a pen on paper
  light_on_dark,  ///< chalk on a board
  off_centre,     ///< a frame of 120 to 200 pixels near a corner or side of a canvas of 500 to 640 x 400 to 520
  ruled_paper,    ///< lines as wide as 0.7 to 1.4 % of the frame and 20 to 40 % of it apart, 35 to 75 % as dark as the
                  ///< ink against the paper, up to 1.2 degrees off level; every third picture is squared
  gradient_light,  ///< light that falls by 45 to 65 % across the picture in any direction and by 10 to 25 % towards
                   ///< the corners; every second picture with the soft edge of a shadow that takes another 15 to 30 %
  jpeg_noise,      ///< a frame of 100 to 220 pixels, noise of 6 to 9 levels, then JPEG of quality 20 to 30 and back
};

inline constexpr std::array all = {Style::thick_strokes,  Style::thin_strokes, Style::dark_on_light,
                                   Style::light_on_dark,  Style::off_centre,   Style::ruled_paper,
                                   Style::gradient_light, Style::jpeg_noise};

/// "thick strokes" and so on.
const char* name(Style style);

/// Picture `index` of the data set in a style.
GreyImage redrawn(const Dataset& dataset, std::size_t index, Style style);

}  // namespace nib::styles
