#pragma once

#include <cstdint>

namespace nib {

/// The light of a colour by ITU-R Rec. BT.601, rounded: 0.299 red + 0.587 green + 0.114 blue.
constexpr std::uint8_t luma(std::uint32_t red, std::uint32_t green, std::uint32_t blue) {
  return static_cast<std::uint8_t>((299 * red + 587 * green + 114 * blue + 500) / 1000);
}

}  // namespace nib
