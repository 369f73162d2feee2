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

/// What evaluation calls work with.
struct EvaluationResources {
  const Context& context;
  const EvaluationStep& step;
  EvaluationBuffers& buffers;
};

/// What one call is to do: evaluate `count` images in file order.
struct EvaluationRequest {
  Images& images;
  std::uint64_t count = 0;
  std::uint32_t classes = 0;
  bool labelled = false;
  std::span<float> probabilities{};  ///< empty or (count, classes)
};

Metrics run_evaluation_call(const EvaluationResources& resources, const EvaluationRequest& request,
                            const EvaluationProgress& progress);

}  // namespace nib::cuda
