#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace nib {

enum class Entries { files, folders };

/// The visible entries of a folder that are folders, or those that are none, by name; at most 200,000 are looked at.
/// Nothing of what is no folder or cannot be read.
std::vector<std::string> names_in(const std::filesystem::path& folder, Entries entries);

/// A path of a set as a folder and, where one of several sets in it is named, as FOLDER/emnist-letters, its name; ""
/// where the path is a folder itself.
struct SetPlace {
  std::filesystem::path folder;
  std::string name;
};
SetPlace set_place(const std::filesystem::path& path);

/// The words of a name, in small letters: those of "trainSet_2.csv" are train, set, 2 and csv.
std::vector<std::string> words_in(const std::string& name);

/// ASCII capitals as small letters.
std::string lower_case(std::string text);

}  // namespace nib
