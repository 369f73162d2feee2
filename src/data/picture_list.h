#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace nib {

/// One picture of a set.
struct ListedPicture {
  std::string name;  ///< of the file in its class's folder
  std::uint8_t label = 0;
};

/// A folder with a folder of pictures for each class.
struct PictureList {
  std::filesystem::path folder;
  std::vector<std::string> class_folders;  ///< one a label; empty where no folder is called so
  std::vector<ListedPicture> pictures;     ///< by file name, numbers in it as numbers; of equal names by label
  std::size_t unread = 0;                  ///< pictures beside them in formats that nib does not read
  std::filesystem::path first_unread{};

  std::filesystem::path path(const ListedPicture& picture) const {
    return folder / class_folders[picture.label] / picture.name;
  }
};

/// True where `left` comes before `right`, runs of digits compared as numbers: "img_9.png" before "img_10.png".
bool comes_before(std::string_view left, std::string_view right);

/// True where each folder is called by the number of its label.
bool are_their_numbers(const std::vector<std::string>& class_folders);

/// True for a picture in a format that nib does not read, by its ending.
bool is_other_picture(const std::filesystem::path& path);

/// True where pictures lie in the folder itself.
bool has_pictures(const std::filesystem::path& folder);

/// The pictures in the folder itself, which are of no class.
PictureList list_unlabelled_pictures(const std::filesystem::path& folder);

/// True where a folder has at least two folders with pictures in them.
bool has_class_folders(const std::filesystem::path& folder);

/// The pictures in the folders of `folder`. Where all those are called by numbers below 256, these are the labels, else
/// their places in `classes`, which are the training part's, or without that in the order of their names. Throws Error:
/// io where a folder cannot be read; bad input where there are more than 256 classes, one that is not in `classes`, or
/// one number twice ("3" and "03").
PictureList list_pictures(const std::filesystem::path& folder, const std::vector<std::string>& classes = {});

}  // namespace nib
