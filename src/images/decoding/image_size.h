#pragma once

#include <cstdint>
#include <string>

namespace nib {

/// Refuses an image whose header says that it has no pixels, or more than decode.h allows. Throws Error (bad input).
void check_image_size(std::uint64_t rows, std::uint64_t columns, const std::string& source);

}  // namespace nib
