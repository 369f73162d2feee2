#pragma once

#include <cstdint>
#include <string_view>

namespace nib {

/// CRC-32C (Castagnoli): the reflected polynomial 0x82F63B78, initial value and final inversion all ones, as iSCSI has
/// it (RFC 3720, section 12.1, with test vectors in appendix B.4). Where bytes come in pieces, `before` is that of all
/// pieces so far.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t before = 0);

}  // namespace nib
