#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "engines/cpu/head.h"
#include "nib/engine.h"

namespace nib::cpu {

class StepRunner;

/// The CPU engine: float32, the same bits for any number of threads and any instruction set. Throws Error (usage) for
/// NIB_INSTRUCTIONS that this processor does not have, Error (bad input) for a network that makes no sense, Error
/// (device) for one that needs more memory than it may take.
std::unique_ptr<Engine> make_cpu_engine(const EngineOptions& options);

/// Of a test before its first image.
Metrics no_results(const Dataset& dataset, std::size_t classes);

/// Counts what came of the images of a set from `begin` on. Image by image, so that the sum of losses depends neither
/// on how many come at a time nor on who took them through the network.
void count_results(const Dataset& dataset, std::size_t begin, std::span<const RowResult> results, std::size_t classes,
                   Metrics& metrics);

/// What such an engine takes images through its network with; null for an engine of another kind.
StepRunner* steps_of(Engine& engine);

}  // namespace nib::cpu
