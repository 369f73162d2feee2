#pragma once

#include <string>

#include "nib/network.h"
#include "terminal/terminal.h"

namespace nib {

/// The layer table as Keras 3 prints it, with shapes, parameter counts and memory; ends with a newline.
std::string summary_table(const Network& network, const Terminal& terminal);

}  // namespace nib
