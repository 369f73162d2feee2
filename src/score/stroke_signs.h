#pragma once

#include <string>
#include <vector>

#include "images/preparation/prepare.h"

namespace nib {

/// What a stroke looks like without any network.
struct StrokeSigns {
  std::size_t holes = 0;   ///< places that it encloses, of at least 1/400 of its box
  std::size_t pieces = 0;  ///< that do not hang together, of at least a fiftieth of its ink
};

/// `stroke` as prepare_image() keeps it.
StrokeSigns stroke_signs(const Stage& stroke);

/// In words, where no digit looks like that: digits have at most two holes, and few pieces however they break.
std::vector<std::string> warnings_of(const StrokeSigns& signs);

}  // namespace nib
