#pragma once

#include <cstdint>
#include <span>

namespace nib {

/// looks.weights, which tools/several/learn_looks writes, put into the program when it is built.
std::span<const std::uint8_t> looks_weights();

}  // namespace nib
