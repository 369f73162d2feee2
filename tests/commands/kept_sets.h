#pragma once

#include <filesystem>

#include "nib/dataset.h"

namespace nib {

// One set in the ways in which people keep it.

/// A table with a header, as Kaggle has it; without labels one column less.
void write_table(const std::filesystem::path& path, const Dataset& dataset, bool labels = true);

/// x_train, y_train, x_test and y_test, as Keras has them.
void write_numpy_archive(const std::filesystem::path& path, const Dataset& training, const Dataset& test);

/// A folder a class, the pictures in PNG with their places in the set as names.
void write_pictures(const std::filesystem::path& folder, const Dataset& dataset);

}  // namespace nib
