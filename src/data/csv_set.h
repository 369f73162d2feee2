#pragma once

#include <filesystem>

#include "data/data_format.h"

namespace nib {

/// True for a file that is a CSV table, for a folder with one that can be told from the others: the only one, or one
/// with "train" or "test" in its name; and for FOLDER/emnist-letters, which is one of several sets in a folder.
bool holds_csv_set(const std::filesystem::path& path);

/// Reads the tables of a set (see csv_images.h): of a folder the file with "train" in its name and the one with "test",
/// such as Kaggle's train.csv and test.csv. A single table is the training part, or the test part where it is called so
/// or has no labels. EMNIST's own tables, which have no names of columns, come out upright, their letters' labels from
/// 0, with names from the mapping file beside them. Throws Error (bad input, io).
LoadedSet read_csv_set(const std::filesystem::path& path, const Reading& reading);

}  // namespace nib
