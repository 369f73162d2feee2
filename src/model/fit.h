#pragma once

#include "nib/engine.h"

namespace nib {

/// Throws Error (bad input) unless the network can take the set: images of its input's size, grey, and no label beyond
/// its classes.
void check_images_fit(const Network& network, const Dataset& dataset);

/// Throws Error (bad input) unless parameters and moments, those of the optimizer by name, are the network's
/// tensors in its order: as many of them, with its names and shapes.
void check_state_fits(const Network& network, const Optimizer& optimizer, const TrainingState& state);

}  // namespace nib
