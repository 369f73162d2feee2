#include "engines/cpu/block.h"

#include <numeric>

namespace nib::cpu {

std::vector<std::uint32_t> canonical_positions(const Extent& extent) {
  std::vector<std::uint32_t> positions;
  positions.reserve(std::size_t{extent.channels} * extent.height * extent.width);
  for (std::uint32_t channel = 0; channel < extent.channels; ++channel)
    for (std::uint32_t y = 0; y < extent.height; ++y)
      for (std::uint32_t x = 0; x < extent.width; ++x)
        positions.push_back((y * extent.width + x) * extent.channel_stride + channel);
  return positions;
}

std::vector<std::uint32_t> bias_positions(std::uint32_t count) {
  std::vector<std::uint32_t> positions(count);
  std::iota(positions.begin(), positions.end(), 0u);
  return positions;
}

}  // namespace nib::cpu
