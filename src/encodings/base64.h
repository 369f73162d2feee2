#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nib {

/// Base64 with padding, without line breaks (RFC 4648, section 4).
std::string to_base64(std::span<const std::uint8_t> bytes);

/// The way back; nothing for what to_base64() does not write.
std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text);

}  // namespace nib
