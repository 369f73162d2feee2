#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "formats/weights.h"

namespace nib {

/// The three kinds of file that Keras keeps weights in.
enum class KerasKind {
  weights,  ///< .weights.h5 of Keras 3: HDF5, weights without a network
  archive,  ///< .keras: a ZIP archive of config.json and model.weights.h5
  legacy    ///< .h5 of Keras 2 and 3: HDF5, the network in an attribute
};

/// By the first bytes, whatever the file is called: HDF5, or an archive that begins with what a .keras consists of.
bool looks_like_keras(std::span<const std::uint8_t> bytes);

/// The kind of what looks like a file of Keras; of the two in HDF5, legacy is the one with attributes' names of that
/// layout anywhere. The reader does not rely on it.
KerasKind keras_kind(std::span<const std::uint8_t> bytes);

/// Reads the weights out of a file of any of the kinds and checks everything before it returns anything. The network is
/// the file's own (.keras, .h5), else the one asked for, else the digits network. Kernels come in nib's layout, the
/// first dense layer's inputs in the order of PyTorch (CHW). Throws Error (bad input) naming file and object: layers
/// and settings that nib does not know, too.
WeightsFile read_keras(std::span<const std::uint8_t> bytes, const std::string& source, const WeightsOptions& options);

/// Reads weights, the optimizer's state and step out of a .keras. Throws Error (bad input) also where the model was not
/// compiled with what nib train does: one of its optimizers with Keras's own settings and a learning rate that is a
/// number, and cross-entropy.
WeightsFile read_keras_training(std::span<const std::uint8_t> bytes, const std::string& source);

/// The bytes of a file that Keras 3 loads (legacy: Keras 2 as well), with the optimizer's state where the weights have
/// one. Throws Error naming `source`: io where it cannot be made, numeric for numbers that are not finite.
std::vector<std::uint8_t> keras_bytes(KerasKind kind, const WeightsFile& model, const std::string& source);

}  // namespace nib
