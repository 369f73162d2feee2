#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace nib {

/// The first bytes of what a gzip file (RFC 1952, one or more members) holds: `wanted` of them, fewer only where the
/// content is shorter. Meant for a look at a header before memory is set aside for the rest; checksums of what lies
/// behind are not seen yet. `wanted` is at most 1024. Throws Error (bad input) naming `file`.
std::vector<std::uint8_t> gzip_beginning(std::span<const std::uint8_t> compressed, std::size_t wanted,
                                         const std::string& file);

/// Inflates a whole gzip file whose content says of itself that it is `size` bytes. Every member's header, CRC-32 and
/// length is checked. Never makes more than `size` bytes, and refuses a size that cannot be honest (see
/// largest_gzip_content) before it sets memory aside. Throws Error (bad input) naming `file` and the byte.
std::vector<std::uint8_t> gunzip(std::span<const std::uint8_t> compressed, std::uint64_t size, const std::string& file);

/// The most that is taken out of a gzip file of `compressed` bytes: deflate cannot do better than 1032 to 1, and above
/// 64 MiB a ratio of more than 100 to 1 is taken for a bomb.
std::uint64_t largest_gzip_content(std::uint64_t compressed);

}  // namespace nib
