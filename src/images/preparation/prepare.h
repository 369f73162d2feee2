#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "images/decoding/decode.h"
#include "images/preparation/field.h"
#include "images/preparation/mask.h"
#include "images/preparation/placement.h"
#include "images/preparation/polarity.h"

namespace nib {

/// A step of the preparation for people to look at: how much ink there is, 0 for none, 255 for full.
struct Stage {
  std::size_t rows = 0, columns = 0;
  std::vector<std::uint8_t> ink{};  ///< (row, column)
};

/// A stage and what people call it. It is drawn when somebody looks at it: most answers are asked for without.
struct Step {
  std::string name{};
  Field ink{};
  float full = 1;  ///< what full ink has

  Stage stage() const;
};

/// The warning for a picture with more than one digit: where they are read.
std::string several_digits_hint();

/// A picture itself, its shadows as ink, reduced as stages are: to at most 320 pixels a side.
Stage display_stage(const GreyImage& picture);

/// A picture of a digit made ready for a network.
struct PreparedImage {
  NetworkImage image{};
  Polarity polarity = Polarity::dark_on_light;
  Box box{};                            ///< of the stroke, in pixels of the picture
  std::vector<Step> steps{};            ///< from the picture to the stroke alone, which is the last
  std::vector<std::string> warnings{};  ///< why the picture may not show one digit; a line each
};

/// Finds the digit in a picture and makes an image of `rows` x `columns` of it as MNIST's were made: polarity found,
/// background and ruled lines removed, the stroke chosen, drawn with a usual pen, its box fitted, centred by its mass.
/// Throws Error (bad input), naming `source`, where the picture shows no stroke.
PreparedImage prepare_image(const GreyImage& picture, std::size_t rows, std::size_t columns, const std::string& source);

/// Takes a picture as it is, light ink on black as MNIST has it. Throws Error (bad input) for another size.
PreparedImage take_as_is(const GreyImage& picture, std::size_t rows, std::size_t columns, const std::string& source);

}  // namespace nib
