#pragma once

#include <memory>

#include "nib/engine.h"

namespace nib::cuda {

/// The engine for CUDA device number `device`. Throws Error (device) when it cannot be used.
std::unique_ptr<Engine> make_cuda_engine(const EngineOptions& options, unsigned device);

}  // namespace nib::cuda
