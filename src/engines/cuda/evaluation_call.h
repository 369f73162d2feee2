#pragma once

#include <cstdint>
#include <span>

#include "engines/cuda/images.h"
#include "engines/cuda/step.h"
#include "nib/engine.h"

namespace nib::cuda {

/// Pinned buffers of evaluation calls, for two chunks of steps_per_graph steps.
struct EvaluationBuffers {
  PinnedArray<kernels::RowResult> results;
  PinnedArray<float> probabilities;
  PinnedArray<unsigned long long> confusion;
};

/// Evaluates `count` images in file order; `probabilities` is empty or (count, classes).
Metrics run_evaluation_call(const Context& context, const EvaluationStep& step, Images& images, std::uint64_t count,
                            std::uint32_t classes, bool labelled, std::span<float> probabilities,
                            EvaluationBuffers& buffers, const EvaluationProgress& progress);

}  // namespace nib::cuda
