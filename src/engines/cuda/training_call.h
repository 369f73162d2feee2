#pragma once

#include <cstdint>
#include <span>

#include "engines/cuda/images.h"
#include "engines/cuda/run_ahead.h"
#include "engines/cuda/step.h"
#include "nib/engine.h"

namespace nib::cuda {

/// Buffers of training calls that grow with the number of steps.
struct TrainingBuffers {
  DeviceArray<StepFactors<float>> step_factors;  ///< (step of the call)
  DeviceArray<kernels::StepRecord> records;      ///< (step of the call)
  PinnedArray<kernels::StepRecord> host_records;
};

/// What a training call leaves behind.
struct TrainingCallEnd {
  TrainResult result;
  std::uint64_t finished_steps = 0;  ///< over the engine's life
  bool parameters_finite = true;
};

/// What training calls work with.
struct TrainingResources {
  const Context& context;
  const TrainingStep& step;
  TrainingBuffers& buffers;
};

/// What one call is to do: a step for each learning rate, on images order[...] of a labelled set.
struct TrainingRequest {
  Images& images;
  std::span<const std::uint32_t> order;
  std::span<const double> learning_rates;
  Optimizer optimizer{};
  std::uint64_t finished_steps = 0;  ///< before the call
  std::uint32_t chunk_steps = 1;     ///< steps for which images and records travel together
};

/// Trains chunk by chunk, with captured steps.
TrainingCallEnd run_training_call(const TrainingResources& resources, const TrainingRequest& request,
                                  const Progress& progress);

/// The same, step by step without graphs, with a timer around each phase.
TrainingCallEnd profile_training_call(const TrainingResources& resources, const TrainingRequest& request,
                                      PhaseTimer& timer);

}  // namespace nib::cuda
