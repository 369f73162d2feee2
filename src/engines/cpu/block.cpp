#include "engines/cpu/block.h"

#include <numeric>

namespace nib::cpu {

std::vector<std::uint32_t> bias_positions(std::uint32_t count) {
  std::vector<std::uint32_t> positions(count);
  std::iota(positions.begin(), positions.end(), 0u);
  return positions;
}

}  // namespace nib::cpu
