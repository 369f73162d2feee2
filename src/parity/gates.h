#pragma once

#include <cstdint>

namespace nib {

/// How far a training in float32 may be from a peer's in float64 that began with the same weights. Adam turns the noise
/// of tiny gradients into whole steps, so that two trainings drift apart however well both are computed: Keras's own
/// float32 strays from its float64 by 1e-6 in the loss of step 10, and by 1e-3 in that of step 50. A mistake in a
/// formula shows in the first steps, which the narrow gates are for.
/// @{
double loss_gate(std::uint64_t step);      ///< of the mean loss of step `step`, from 1, before its update
double weights_gate(std::uint64_t steps);  ///< of a tensor behind so many steps, relative to how far it has moved
/// @}

/// How far two engines may be apart on the same weights, both in float32.
/// @{
inline constexpr double probability_gate = 1e-5;
inline constexpr double log_probability_gate = 1e-3;
/// @}

}  // namespace nib
