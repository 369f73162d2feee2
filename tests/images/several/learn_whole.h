#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace nib {

/// Teaches the network of whole_digit.h on lines of MNIST's training digits, and writes whole_digit_weights.h. Lessons
/// are what is worth looking at by today's costs; the weights that are kept were learnt (4,000 pages, 12 epochs) when
/// an earlier state of the costs let through more, so that it does not write the same again.
std::string learnt_weights(std::size_t pages, std::uint32_t epochs);

}  // namespace nib
