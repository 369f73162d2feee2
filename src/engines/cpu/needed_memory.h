#pragma once

#include <cstddef>
#include <cstdint>

#include "nib/network.h"

namespace nib::cpu {

/// Bytes that an engine for this validated network takes at least, with room for `rows` images, and an optimizer that
/// keeps so many moments: all that grows with the network or the images, so that nearly all of it, and never more.
std::uint64_t needed_memory(const Network& network, std::uint32_t rows, std::size_t moments);

}  // namespace nib::cpu
