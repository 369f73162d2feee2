#include "encodings/crc32c.h"

#include <array>

namespace nib {
namespace {

constexpr std::uint32_t reflected_polynomial = 0x82F63B78;

/// The remainders of all bytes.
constexpr std::array<std::uint32_t, 256> remainders = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
    std::uint32_t remainder = byte;
    for (int bit = 0; bit < 8; ++bit) remainder = remainder >> 1 ^ (remainder & 1 ? reflected_polynomial : 0);
    table[byte] = remainder;
  }
  return table;
}();

}  // namespace

std::uint32_t crc32c(std::string_view bytes, std::uint32_t before) {
  std::uint32_t remainder = ~before;
  for (const char byte : bytes)
    remainder = remainder >> 8 ^ remainders[(remainder ^ static_cast<std::uint8_t>(byte)) & 0xFF];
  return ~remainder;
}

}  // namespace nib
