#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "nib/network.h"

namespace nib {

/// Height and width.
using Size = std::array<std::uint32_t, 2>;

/// For each layer's input (and, last, the network's output), the part from the top left that anything later reads: what
/// pooling drops further on is neither computed nor stored by the engines.
std::vector<Size> live_inputs(const Network& network);

/// TensorFlow's rule for "same" along one side: as many zeros as the last window lacks, the odd one at the end. Returns
/// those before the image.
std::uint32_t padding_before(std::uint32_t input, std::uint32_t output, std::uint32_t kernel, std::uint32_t stride);

}  // namespace nib
