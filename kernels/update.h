#pragma once

#include <cuda_runtime.h>

#include <cstdint>

#include "kernels/control.h"
#include "nib/optimizer.h"

namespace nib::kernels {

/// The parameters and what belongs to each of them: (size) numbers each.
struct UpdateArrays {
  float* values = nullptr;
  float* moments[most_moments] = {};  ///< as many as the optimizer has
  const float* gradients = nullptr;
  std::uint64_t size = 0;
  std::uint64_t weights = 0;               ///< of them from the beginning, the others are biases: which do not decay
  const double* squares = nullptr;         ///< (square_parts) of the gradients, where they are to be clipped; else null
  const double* weight_squares = nullptr;  ///< (square_parts) of the weights, where they are penalized; else null
};

/// Parts that the squares of all gradients are summed in, each in its own order, and added up in theirs.
inline constexpr std::uint32_t square_parts = 256;

/// squares[part] = the sum of the squares of the `size` gradients that are part's: every square_parts-th 256 of them.
void sum_squares(const float* gradients, std::uint64_t size, double* squares, cudaStream_t stream);

/// What the L2 penalty does to the gradients of all weights.
struct Penalty {
  const float* weights = nullptr;  ///< (size), before the update
  float* gradients = nullptr;      ///< (size)
  std::uint64_t size = 0;
  float pull = 0;             ///< twice l2_factor()
  double* squares = nullptr;  ///< (square_parts)
};

/// Behind finish_gradients(): adds to each gradient that of the penalty, squares[part] = the sum of the squares of the
/// weights that are part's, as sum_squares() has it, and sets control->nonfinite_step, unless it is set, where the
/// square of a gradient is not finite any more.
void penalize(const Penalty& penalty, Control* control, cudaStream_t stream);

/// Ends a training step: updates values and moments with the gradients by the optimizer's rule (arithmetic/
/// update_rules.inc) and control->factors, clipped where it says so, adds the penalty of each row to the step's record,
/// and counts the step in control->finished_steps; unless control->nonfinite_step is set: then none of these change,
/// and the step's record becomes zeros. Sets control->parameters_nonfinite when a number that it writes is not finite.
/// Moves control->step on in any case.
void update(const UpdateArrays& arrays, const Optimizer& optimizer, Control* control, cudaStream_t stream);

}  // namespace nib::kernels
