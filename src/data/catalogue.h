#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "nib/dataset.h"

namespace nib {

/// One of the four files of a set, as it was read. Where the set has another format, several may have one path, and
/// bytes and hash are of the IDX file that would hold the same.
struct DataFile {
  std::filesystem::path path;
  std::uint64_t raw_bytes = 0;  ///< after gzip
  std::string raw_sha256{};     ///< hexadecimal, of the bytes that were used
  bool gzipped = false;
  bool is_idx = true;
};

/// A whole data set: training and test part with where they came from. A part that is not there has no images.
struct DataCollection {
  std::string name;              ///< "mnist", "fashion", or "unknown" when the hashes are of no set we know
  std::string title;             ///< "MNIST", "Fashion-MNIST", "unknown IDX set"
  std::filesystem::path folder;  ///< or the file that holds all of it
  std::string found{};     ///< in which format, and whether a part is missing, in words; empty for all four IDX files
  Dataset training, test;  ///< size and class names of the test part are there all the same
  std::vector<DataFile> files;        ///< training images, training labels, test images, test labels, as far as read
  std::vector<std::string> warnings;  ///< one line each: constant labels, swapped parts, raw file preferred to .gz ...
  bool pictures = false;              ///< each image was a file
  std::uint64_t limit = 0;            ///< only the first so many images of each part are here; 0: all, see limit.h
};

enum class DataParts { both, test_only };

struct PictureSize {
  std::uint32_t rows = 0, columns = 0;
};

/// What is to be read of a set, and how.
struct Reading {
  Reading(DataParts wanted = DataParts::both, std::optional<PictureSize> size = {}) : parts(wanted), prepared(size) {}

  DataParts parts;
  /// Folders of pictures: each is made ready as prepare_image() does it, an image of this size; else they are taken as
  /// they are.
  std::optional<PictureSize> prepared;
  /// A folder of pictures without a test part: every 7th picture is one; else all are the training part.
  bool draws_test = true;
};

/// Whether what a user named is a folder of pictures; not so where nothing is there.
bool is_folder_of_pictures(const std::string& name_or_path);

/// All of a set; where asked for, its pictures prepared to images as large as MNIST's.
inline Reading whole_set(bool prepare) {
  return {DataParts::both, prepare ? std::optional(PictureSize{.rows = 28, .columns = 28}) : std::nullopt};
}

/// Loads "mnist", "fashion", a folder with the four IDX files, or a file or folder of another format (see
/// data_format.h), checked field by field, hashed while it is read. A known set asked for by name whose hash differs is
/// an error; a set whose hashes are a known one's is named so, whatever its format. Where the test
/// part alone is asked for and there is none, the training part is loaded. Throws Error (bad input, io), naming every
/// place looked in when there is none, where both parts are asked for and there is no training part with labels, and
/// (usage) where what is no folder of pictures is to be prepared.
DataCollection load_data(const std::string& name_or_path, const Reading& reading = {});

/// The same for whom any part will do: there may be no training part, and parts may have no labels.
DataCollection load_any_parts(const std::string& name_or_path, const Reading& reading = {});

/// The folders searched for a named set, in order: $NIB_DATA; data beside the folder that the program lies in, which is
/// where it was built; the installed prefix; the user's cache; for fashion also where Debian's package puts it.
std::vector<std::filesystem::path> data_places(const std::string& name);

}  // namespace nib
