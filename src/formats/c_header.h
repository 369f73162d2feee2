#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "formats/weights.h"

namespace nib {

/// A C99 header that needs no library, not even C's own: the weights as constants, and a function that makes
/// probabilities of an image. A row of weights_formats.h that is written only. All names in it begin with what `file`
/// is called.
std::vector<std::uint8_t> c_header_bytes(const WeightsFile& model, const std::string& file);

}  // namespace nib
