#pragma once

#include "encodings/json.h"
#include "nib/network.h"

namespace nib {

/// What `nib summary --json` prints: the network, and of each layer what the table tells.
Json network_document(const Network& network);

}  // namespace nib
