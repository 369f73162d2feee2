#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "nib/dataset.h"

namespace nib {

/// One of the four files of a set, as it was read.
struct DataFile {
  std::filesystem::path path;
  std::uint64_t raw_bytes = 0;  ///< after gzip
  std::string raw_sha256;       ///< hexadecimal, of the bytes that were used
  bool gzipped = false;
};

/// A whole data set: training and test part with where they came from.
struct DataCollection {
  std::string name;   ///< "mnist", "fashion", or "unknown" when the hashes are of no set we know
  std::string title;  ///< "MNIST", "Fashion-MNIST", "unknown IDX set"
  std::filesystem::path folder;
  Dataset training, test;
  std::vector<DataFile> files;        ///< training images, training labels, test images, test labels, as far as read
  std::vector<std::string> warnings;  ///< one line each: constant labels, swapped parts, raw file preferred to .gz ...
  std::uint64_t limit = 0;            ///< only the first so many images of each part are here; 0: all, see limit.h
};

enum class DataParts { both, test_only };

/// Loads "mnist", "fashion" or a folder with the four IDX files, checked field by field, hashed while it is read.
/// A known set asked for by name whose hash differs is an error; a folder whose hashes are a known set's is named so.
/// Throws Error (bad input, io), naming every place looked in when there is none.
DataCollection load_data(const std::string& name_or_folder, DataParts parts = DataParts::both);

/// The folders searched for a named set, in order: $NIB_DATA; data beside the folder that the program lies in, which is
/// where it was built; the installed prefix; the user's cache; for fashion also where Debian's package puts it.
std::vector<std::filesystem::path> data_places(const std::string& name);

}  // namespace nib
