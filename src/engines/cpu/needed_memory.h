#pragma once

#include <cstdint>

#include "nib/network.h"

namespace nib::cpu {

/// Bytes that an engine for this validated network takes at least, with room for `rows` images: all that grows with the
/// network or the images, so that nearly all of it, and never more.
std::uint64_t needed_memory(const Network& network, std::uint32_t rows);

}  // namespace nib::cpu
