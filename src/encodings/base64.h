#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace nib {

/// Base64 with padding, without line breaks (RFC 4648, section 4).
std::string to_base64(std::span<const std::uint8_t> bytes);

}  // namespace nib
