#pragma once

#include <string>

#include "encodings/json.h"
#include "encodings/json_reader.h"
#include "formats/keras/keras.h"
#include "hdf5/hdf5_file.h"
#include "nib/network.h"

namespace nib::keras {

/// The optimizer in a config.json of a model that was compiled with what nib train does: an optimizer of nib's with
/// Keras's own settings and a learning rate that is a number, and cross-entropy of probabilities. Throws Error (bad
/// input) with the path of the setting that is another. The penalty stands in the layers: none, or L2 of all kernels
/// alike.
Optimizer read_compiled(const JsonReader& model);

/// The optimizer's state in a .weights.h5: iteration, learning rate, then the moments as optimizer_variables() orders
/// them. Throws Error (bad input) naming the array.
OptimizerState take_training(const Hdf5Content& content, const Network& network, const Optimizer& optimizer,
                             const std::string& source);

/// What read_compiled() reads.
Json compile_config(const OptimizerState& training);

}  // namespace nib::keras
