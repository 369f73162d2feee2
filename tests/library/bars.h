#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace nib {

/// Weights that real Keras trained on MNIST.
std::string trained_weights();

/// Writes a PGM picture of 200 x 150 pixels with upright bars at these columns: each is a 1.
void write_bars(const std::filesystem::path& file, const std::vector<std::size_t>& columns);

/// A 1 as the network takes it, 28 x 28.
std::vector<unsigned char> pixels_of_a_one();

}  // namespace nib
