#pragma once

#include <cstdint>
#include <span>

namespace nib {

/// Whether a piece is one whole digit, by what it looks like in its line (view.h): the log of the odds that it is. Of a
/// convolutional network of its own, with 10,666 weights of one byte each (whole_digit_weights.h), which learnt it on
/// lines of MNIST's training digits; it knows nothing of which digit it is, and the network that reads knows nothing of
/// it. A network knows digits only, and is sure of a half 4 as a 1. The same on every machine.
double whole_digit(std::span<const std::uint8_t> view);

}  // namespace nib
