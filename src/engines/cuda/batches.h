#pragma once

#include <cstdint>

#include "nib/engine.h"

namespace nib::cuda {

/// Images of an evaluation step: they depend on the network alone, so that an image's result does not depend on the
/// training batch or on how much memory is free. A power of two, at most 1024.
///
/// An evaluation is a matter of few and large steps: a test set of MNIST is 10 of them. For that many images the digits
/// network's layers are several waves of thread blocks on the largest GPUs; more would hardly fill them better, but
/// take more memory. Where images or layers are large, fewer fill a GPU as well.
std::uint32_t evaluation_rows(const Network& network);

/// Training steps whose images travel together.
std::uint32_t chunk_steps(const EngineOptions& options);

}  // namespace nib::cuda
