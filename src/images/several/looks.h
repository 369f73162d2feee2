#pragma once

#include <cstdint>
#include <span>

namespace nib {

/// What a piece looks like in its line.
struct Looks {
  double cost = 0;   ///< against its being one of the line's digits, see costs.h
  double whole = 0;  ///< the log of the odds that it is one whole digit
};

/// Of a view (view.h), by a convolutional network of its own, with 54,288 weights of a byte each (looks.weights). It
/// learnt on lines of MNIST's training digits to make the right division of a line likelier than all others
/// (tools/several/learn_looks). The network that reads is no substitute: it knows digits only, and is sure of a half 4
/// as a 1. The same on every machine.
Looks looks_of(std::span<const std::uint8_t> view);

}  // namespace nib
