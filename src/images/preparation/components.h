#pragma once

#include <cstdint>
#include <vector>

#include "images/preparation/mask.h"

namespace nib {

/// Pixels of a mask that hang together, also by corners.
struct Component {
  Box box{};
  std::size_t pixels = 0;
  bool touches_border = false;  ///< of the image
};

struct Components {
  std::vector<Component> list{};
  std::vector<std::uint32_t> labels{};  ///< (row, column): 0 for none, else 1 + index into `list`
};

Components components_of(const Mask& mask);

/// The list alone, for less work.
std::vector<Component> component_list(const Mask& mask);

}  // namespace nib
