#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nib {

/// The metadata key of a file's own SHA-256.
constexpr const char* checksum_key = "nib.sha256";

/// What stands there while the hash is computed.
std::string empty_checksum();

/// Where in a file whose header is `header_text` the digits of its checksum stand; nullopt where they do not stand the
/// way that nib writes them.
std::optional<std::size_t> checksum_position(std::string_view header_text, std::string_view digits);

/// SHA-256 of a whole file with the digits at `position` taken as zeros: 64 hexadecimal digits.
std::string checksum_of(std::span<const std::uint8_t> file, std::size_t position);

/// Makes the checksum right for what the file now holds; `digits` is what stands there so far. False where it has none.
bool write_checksum(std::span<std::uint8_t> file, std::string_view header_text, std::string_view digits);

}  // namespace nib
