#pragma once

#include <filesystem>

#include "data/data_format.h"

namespace nib {

/// True for a file that is a CSV table, and for a folder with one that can be told from the others: the only one, or
/// one with "train" or "test" in its name.
bool holds_csv_set(const std::filesystem::path& path);

/// Reads the tables of a set (see csv_images.h): of a folder the file with "train" in its name and the one with "test",
/// such as Kaggle's train.csv and test.csv. A single table is the training part, or the test part where it is called so
/// or has no labels. Throws Error (bad input, io).
LoadedSet read_csv_set(const std::filesystem::path& path, const Reading& reading);

}  // namespace nib
