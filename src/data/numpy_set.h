#pragma once

#include <filesystem>

#include "data/data_format.h"

namespace nib {

/// True for a .npz file, and for a folder of .npz or .npy files whose names tell what they hold.
bool holds_numpy_set(const std::filesystem::path& path);

/// Reads NumPy arrays by their names: Keras's mnist.npz (x_train, y_train, x_test, y_test), and others in which "train"
/// or "test" tells the part, "x", "data", "image" or "img" the images, and "y", "label" or "target" the labels; a file
/// with a single array gives it its own name, as KMNIST's are. Images are (image, row, column), with one channel before
/// or behind or none, or (image, pixel) of square ones; labels (image) or (image, 1). Numbers: see numpy_values.h.
/// Arrays of a validation part are passed over with a warning. Throws Error (bad input, io) naming file and array.
LoadedSet read_numpy_set(const std::filesystem::path& path, const Reading& reading);

}  // namespace nib
