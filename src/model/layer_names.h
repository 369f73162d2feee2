#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "nib/network.h"

namespace nib {

/// Our names, one a layer: conv1, pool1, conv2, ..., flatten, fc1, dropout1. Parameters and messages use them.
std::vector<std::string> layer_names(const Network& network);

/// How messages name a layer: "layer 3 (conv2)", counted from 1.
std::string layer_label(const Network& network, std::size_t layer);

}  // namespace nib
