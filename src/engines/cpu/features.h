#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "nib/dataset.h"
#include "nib/network.h"
#include "nib/parameters.h"

namespace nib::cpu {

/// What a network makes of images on its way to the answer.
struct Features {
  std::size_t width = 0;               ///< numbers an image
  std::vector<float> values{};         ///< (image, number): what the last layer is given, behind its relu
  std::vector<float> probabilities{};  ///< (image, class)
};

/// How many numbers the last layer is given where they are the units of a dense layer (with or without dropout behind
/// it); nothing where they are feature maps, or the image itself.
std::optional<std::size_t> feature_count(const Network& network);

/// Takes images through the network on the host, by the code of the CPU engine and with its promise: the same bits for
/// any number of threads and any instruction set, and the probabilities of Engine::evaluate(). For a device that keeps
/// its activations to itself, too: the host takes 10,000 images through the digits network in a tenth of a second.
/// Needs a feature_count() and finite parameters of the network. Throws Error (bad input) for images of another size.
Features features_of(const Network& network, const Parameters& parameters, const Dataset& images, unsigned threads);

}  // namespace nib::cpu
