#pragma once

#include <string>
#include <vector>

#include "formats/weights.h"
#include "hdf5/hdf5_file.h"
#include "nib/network.h"

namespace nib::keras {

/// Where the arrays of a network's parameters are in a file, in the order of parameter_specs().
struct Place {
  std::string container;  ///< the group below which every array of numbers is a parameter
  std::vector<std::string> paths;
};

/// In a .weights.h5, where layers are called by their class ("conv2d", "conv2d_1"), whatever they are called in a
/// model.
Place place_in_weights(const Hdf5Content& content, const Network& network);

/// In a legacy .h5, where layers are called as in the model. `layer_names`: one a layer of the network, or none where
/// the file tells no network: then the layers with arrays in the order that the file lists. Throws Error (bad input)
/// where a layer has not a kernel and a bias.
Place place_in_legacy(const Hdf5Content& content, const Network& network, const std::vector<std::string>& layer_names,
                      const std::string& source);

/// The parameters, in nib's layout. Shapes and types are checked before any number is looked at. What a user should
/// know goes to `notes`. Throws Error (bad input) naming the array.
Parameters take_parameters(const Hdf5Content& content, const Network& network, const Place& place,
                           const WeightsOptions& options, const std::string& source, std::vector<std::string>& notes);

/// The array of a parameter, or of one number for each of its numbers: there, of floating-point type, and of its shape
/// in Keras.
const Hdf5Array& array_for(const Hdf5Content& content, const std::string& path, const ParameterSpec& spec,
                           const std::string& source);

/// Refuses numbers that are not finite, or with `allowed` tells of them.
void judge_nonfinite(const Hdf5Array& array, bool allowed, const std::string& source, std::vector<std::string>& notes);

}  // namespace nib::keras
