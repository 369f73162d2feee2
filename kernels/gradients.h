#pragma once

#include <cuda_runtime.h>

#include <cstdint>

#include "kernels/control.h"

namespace nib::kernels {

/// A bias's gradient is the sum over the rows of a layer's output gradient. Each of this many parts sums its own range
/// of rows, then the parts are added in order: so the sum depends on nothing but the numbers.
inline constexpr std::uint32_t bias_parts = 32;

/// One bias: what its sum is taken from. Rows are the batch's rows times the pixels. A pooled gradient will do for a
/// convolution's bias: each pooled pixel hands all of its gradient to one pixel, or none where a ReLU is shut.
struct BiasSegment {
  const float* output_gradient = nullptr;  ///< (rows, channels)
  const float* output = nullptr;           ///< (rows, channels): where it is <= 0 nothing is added; null: all is
  std::uint64_t rows = 0;
  std::uint32_t channels = 0;
  float* partials = nullptr;  ///< (bias_parts, channels)
};

/// Fills the partials of all `count` segments (a device array) in one launch.
void bias_partials(const BiasSegment* segments, std::uint32_t count, cudaStream_t stream);

/// A gradient of which several blocks of threads each know a part: the sum of `parts` (count, size), in their order.
struct PartialGradient {
  const float* parts = nullptr;
  std::uint32_t count = 0, size = 0;
  float* gradient = nullptr;  ///< (size)
};

struct GradientSums {
  const float* whole_gradients = nullptr;  ///< (whole): those that are there already, one after the other
  std::uint64_t whole = 0;
  const PartialGradient* partial = nullptr;  ///< a device array; none of them among the whole ones
  std::uint64_t partial_size = 0;            ///< the sizes of all that are in it together
  const RowResult* rows = nullptr;           ///< (batch)
  std::uint32_t batch = 0;
};

/// Ends the backward pass: adds the partial gradients up, looks whether the loss and the squares of all gradients
/// (hence these, too) are finite and control->parameters_nonfinite is not set, and if not, sets control->nonfinite_step
/// unless it is set already. Sets control->factors from the call's step factors, and the step's record: the sum of the
/// rows' loss and their correct predictions. Only update(), behind it in the stream, replaces the record by zeros when
/// this step or one before it was not finite: in this launch no block knows what the others will find.
void finish_gradients(const GradientSums& sums, Control* control, cudaStream_t stream);

}  // namespace nib::kernels
