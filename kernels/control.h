#pragma once

#include <cstdint>

#include "nib/arithmetic/philox.h"
#include "nib/arithmetic/step_factors.h"

namespace nib::kernels {

/// Where the images of a call (one train() or evaluate()) are. The call's image at `position` is number
/// order[position] of `pixels`; without an order it is number position % wrap: its place in a ring that chunks stream
/// through, or, with a wrap of at least `count`, the set in file order.
struct BatchSource {
  const std::uint8_t* pixels = nullptr;  ///< (image, height, width)
  const std::uint8_t* labels = nullptr;  ///< (image); null where there are none
  const std::uint32_t* order = nullptr;  ///< (position), or null
  std::uint64_t wrap = 1;
  std::uint64_t count = 0;  ///< positions of the call: step s takes [s * batch, min((s + 1) * batch, count))
};

/// What the head finds for one row of a batch.
struct RowResult {
  double loss = 0;              ///< 0 in a row that is masked or has no label
  std::uint32_t predicted = 0;  ///< the first greatest probability
  std::uint32_t correct = 0;    ///< 1 where predicted is the label
};

/// What a training step leaves for the host. A step that was not finite (or follows one) has 0 rows: it changed
/// nothing.
struct StepRecord {
  double loss = 0;  ///< sum over the rows
  std::uint32_t correct = 0;
  std::uint32_t rows = 0;
};

/// All that differs from step to step, in device memory: a captured step reads it and is replayed without change. The
/// host writes it before a call; the last kernel of each step (update(), or accumulate_confusion() in evaluation) moves
/// it on.
struct Control {
  BatchSource source{};
  const StepFactors<float>* step_factors = nullptr;  ///< (step of the call)
  StepRecord* records = nullptr;                     ///< (step of the call)
  std::uint64_t step = 0;                            ///< of the call, from 0
  std::uint64_t finished_steps = 0;                  ///< over the engine's life, before this step
  std::uint64_t nonfinite_step = 0;  ///< finished_steps + 1 of the first step that was not finite; 0 while none was
  std::uint32_t parameters_nonfinite = 0;  ///< an update left a parameter or moment that is not finite
  StepFactors<float> factors{};            ///< of the running step: finish_gradients() writes them, update() reads them
};

/// Rows of the running step that hold an image; the others, up to the batch, are masked.
NIB_HOST_DEVICE inline std::uint32_t live_rows(const Control& control, std::uint32_t batch) {
  const std::uint64_t begin = control.step * batch;
  if (begin >= control.source.count) return 0;
  const std::uint64_t left = control.source.count - begin;
  return left < batch ? static_cast<std::uint32_t>(left) : batch;
}

/// Number of the image at a position of the call, in the source's pixels.
NIB_HOST_DEVICE inline std::uint64_t image_number(const BatchSource& source, std::uint64_t position) {
  return source.order != nullptr ? source.order[position] : position % source.wrap;
}

}  // namespace nib::kernels
