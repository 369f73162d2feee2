#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "images/decoding/decode.h"

namespace nib {

/// decode_image for a PBM, PGM or PPM file, plain (P1 to P3) or raw (P4 to P6), of 1 to 65,535 as the largest sample.
/// The file must end where its image does; blanks may follow.
GreyImage decode_pnm(std::span<const std::uint8_t> bytes, const std::string& source);

}  // namespace nib
