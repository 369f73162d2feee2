#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/catalogue.h"

namespace nib {

/// A set as NumPy's archive with the arrays of Keras's mnist.npz, unsigned bytes: x_train (images, rows, columns),
/// y_train (images), x_test, y_test; those that are there. Throws Error (bad input) naming `file` where that is too
/// much for a ZIP archive.
std::vector<std::uint8_t> npz_file(const DataCollection& set, const std::string& file);

}  // namespace nib
