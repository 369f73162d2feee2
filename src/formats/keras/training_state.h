#pragma once

#include <string>

#include "encodings/json.h"
#include "encodings/json_reader.h"
#include "formats/keras/keras.h"
#include "hdf5/hdf5_file.h"
#include "nib/network.h"

namespace nib::keras {

/// Checks in a config.json that the model was compiled with what nib train does: Adam with Keras's own settings and a
/// learning rate that is a number, and cross-entropy of probabilities. Throws Error (bad input) with the setting's
/// path.
void check_compiled(const JsonReader& model);

/// Adam's state in a .weights.h5: iteration, learning rate, then first and second moment of each parameter in turn.
/// Throws Error (bad input) naming the array.
OptimizerState take_training(const Hdf5Content& content, const Network& network, const std::string& source);

/// What check_compiled() reads, for a training with this learning rate.
Json compile_config(double learning_rate);

}  // namespace nib::keras
