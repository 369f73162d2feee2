#pragma once

#include <cstddef>
#include <optional>

#include "images/preparation/field.h"
#include "images/preparation/polarity.h"

namespace nib {

/// A picture that ends where its stroke does, with paper added all around.
struct PaddedCrop {
  Field light{};
  Polarity polarity = Polarity::dark_on_light;
  std::size_t margin = 0;  ///< added on each side, in pixels
};

/// Whether a picture was cut along the stroke's box: its light falls into two classes (Otsu), and the largest piece of
/// the one that is the stroke is thin and comes to within a twenty-fifth of at least three sides. Which class that is,
/// is told by the corners, which a stroke seldom reaches, and by the pieces: a stroke hangs together and parts the
/// paper. Where that class does not end like a stroke, but the other does, and is of one piece, it is the other. The
/// added paper continues the smooth surface through what there is of it.
std::optional<PaddedCrop> padded_crop(const Field& light);

}  // namespace nib
