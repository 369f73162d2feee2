#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/known_sets.h"

namespace nib {

/// The file under a name that can only mean it: other capitals, `test` for `t10k`, a browser's " (1)", other signs
/// between the words; raw before gzip. Nothing where several files could be meant. Hidden files, such as the ._NAME
/// that a Mac leaves beside each file, are none.
std::vector<std::filesystem::path> other_writings(const std::filesystem::path& folder, const FileRole& role);

/// Folders up to two levels below that have data files, as torchvision's MNIST/raw, by their paths from `folder`.
std::vector<std::string> folders_with_data(const std::filesystem::path& folder);

/// The names of visible files that come near that of the file, such as those of incomplete downloads.
std::vector<std::string> near_files(const std::filesystem::path& folder, const FileRole& role);

/// What to tell someone whose folder lacks the file: which names come near, an incomplete download, or in which folder
/// below it the files are. Empty where nothing does.
std::string hint_at_near_names(const std::filesystem::path& folder, const FileRole& role);

}  // namespace nib
