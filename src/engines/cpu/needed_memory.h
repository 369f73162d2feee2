#pragma once

#include <cstdint>

#include "nib/engine.h"

namespace nib::cpu {

/// Bytes that an engine takes at least, with room for the batch and what each thread works in: all that grows with the
/// validated network, the batch or the threads, so that nearly all of it, and never more.
std::uint64_t needed_memory(const EngineOptions& options);

}  // namespace nib::cpu
