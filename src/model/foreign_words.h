#pragma once

#include <span>

#include "encodings/json_reader.h"

namespace nib {

/// What Keras and PyTorch call the parts of a network, for hints where a network file has their words.
std::span<const Meaning> foreign_layer_types();
std::span<const Meaning> foreign_keys();    ///< of layers and of the whole
std::span<const Meaning> foreign_values();  ///< of "padding" and "activation"

}  // namespace nib
