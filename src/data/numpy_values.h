#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "encodings/npy.h"

namespace nib {

/// What an array holds, as bytes.
struct ByteValues {
  std::vector<std::uint8_t> values;
  bool scaled = false;  ///< they went from 0 to 1 in the array, and from 0 to 255 here
};

/// Pixels of any type of numbers: whole numbers from 0 to 255, or floats from 0 to 1 and truth values, which become the
/// nearest of 0 to 255. Throws Error (bad input) with `source`, naming the element.
ByteValues pixels_of(NpyArray array, const std::string& source);

/// Labels likewise: whole numbers from 0 to 255.
std::vector<std::uint8_t> labels_of(NpyArray array, const std::string& source);

}  // namespace nib
