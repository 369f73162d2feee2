#pragma once

#include <memory>

#include "nib/engine.h"

namespace nib::cpu {

/// The CPU engine: float32, the same bits for any number of threads and any instruction set. Throws Error (usage) for
/// NIB_INSTRUCTIONS that this processor does not have, Error (bad input) for a network that makes no sense, Error
/// (device) for one that needs more memory than it may take.
std::unique_ptr<Engine> make_cpu_engine(const EngineOptions& options);

}  // namespace nib::cpu
