#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "images/decoding/decode.h"

namespace nib {

/// How a process that decodes a picture hands it back, or why it could not: whole numbers of 8 bytes, in this machine's
/// order; a text is its length and its bytes.
std::vector<std::uint8_t> pieces_of(const GreyImage& image);
std::vector<std::uint8_t> pieces_of(const Problem& problem);

/// The picture that the pieces hold, every number checked: the process may have been taken over. Throws Error (bad
/// input) with `source` for the problem that it met, and for pieces that make no sense, which names the `format`.
GreyImage picture_of(std::span<const std::uint8_t> pieces, const std::string& format, const std::string& source);

}  // namespace nib
