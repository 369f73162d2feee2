#include "data/picture_list.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <system_error>
#include <tuple>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "data/folder_entries.h"
#include "images/decoding/image_names.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_classes = 256;

bool is_digit(char sign) { return sign >= '0' && sign <= '9'; }

/// The digits at the beginning of `text`, without zeros in front, taken off it.
std::string_view take_number(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  std::string_view number = text.substr(0, end);
  text.remove_prefix(end);
  number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
  return number;
}

/// Those that are not read are counted in `list`.
std::vector<std::string> pictures_in(const fs::path& folder, PictureList& list) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_directory(ignored)) continue;
    if (is_image_name(entry->path()))
      names.push_back(entry->path().filename().string());
    else if (is_other_picture(entry->path()) && list.unread++ == 0)
      list.first_unread = entry->path();
  }
  if (error)
    throw io_error({.file = folder.string(), .problem = "cannot list the folder: " + system_message(error.value())});
  return names;
}

/// The numbers that folders are called by, two of them not by the same; or nothing where one is called otherwise.
std::vector<std::uint64_t> numbers_of(const std::vector<std::string>& folders, const fs::path& folder) {
  std::vector<std::uint64_t> numbers;
  for (const std::string& name : folders) {
    const std::optional<std::uint64_t> number = parse_unsigned(name);
    if (!number || *number >= most_classes) return {};
    numbers.push_back(*number);
  }
  for (std::size_t i = 0; i < numbers.size(); ++i)
    for (std::size_t other = 0; other < i; ++other)
      if (numbers[i] == numbers[other])
        throw input_error({.file = folder.string(),
                           .problem = fmt::format("the folders {} and {} are one class", folders[other], folders[i]),
                           .expected = "one folder a class"});
  return numbers;
}

/// A label for each folder: see list_pictures().
std::vector<std::uint64_t> labels_of(const std::vector<std::string>& folders, const std::vector<std::string>& classes,
                                     const fs::path& folder) {
  std::vector<std::uint64_t> labels;
  if (are_their_numbers(classes)) labels = numbers_of(folders, folder);
  if (labels.size() == folders.size()) return labels;
  for (const std::string& name : folders) {
    const std::vector<std::string>& all = classes.empty() ? folders : classes;
    const auto place = std::ranges::find(all, name);
    if (place == all.end())
      throw input_error({.file = (folder / name).string(), .problem = "a class without training pictures"});
    labels.push_back(static_cast<std::uint64_t>(place - all.begin()));
  }
  return labels;
}

void sort_by_name(PictureList& list) {
  std::ranges::sort(list.pictures, [](const ListedPicture& left, const ListedPicture& right) {
    if (left.name == right.name) return left.label < right.label;
    return comes_before(left.name, right.name);
  });
}

}  // namespace

bool comes_before(std::string_view left, std::string_view right) {
  const std::string_view whole_left = left, whole_right = right;
  while (!left.empty() && !right.empty()) {
    if (is_digit(left.front()) && is_digit(right.front())) {
      const std::string_view a = take_number(left), b = take_number(right);
      if (a != b) return std::pair(a.size(), a) < std::pair(b.size(), b);
    } else {
      if (left.front() != right.front()) return left.front() < right.front();
      left.remove_prefix(1);
      right.remove_prefix(1);
    }
  }
  return std::tuple(!left.empty(), whole_left) < std::tuple(!right.empty(), whole_right);
}

bool are_their_numbers(const std::vector<std::string>& class_folders) {
  for (std::size_t label = 0; label < class_folders.size(); ++label)
    if (!class_folders[label].empty() && parse_unsigned(class_folders[label]) != label) return false;
  return true;
}

bool is_other_picture(const fs::path& path) {
  constexpr std::array<std::string_view, 6> endings = {".bmp", ".gif", ".tif", ".tiff", ".avif", ".svg"};
  if (path.filename().string().starts_with('.')) return false;
  return std::ranges::find(endings, lower_case(path.extension().string())) != endings.end();
}

bool has_pictures(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (is_image_name(entry->path())) return true;
  return false;
}

bool has_class_folders(const fs::path& folder) {
  const std::vector<std::string> folders = names_in(folder, Entries::folders);
  std::size_t classes = 0;
  for (std::size_t i = 0; i < folders.size() && classes < 2; ++i) classes += has_pictures(folder / folders[i]) ? 1 : 0;
  return classes == 2;
}

PictureList list_pictures(const fs::path& folder, const std::vector<std::string>& classes) {
  PictureList list{.folder = folder, .class_folders = {}, .pictures = {}, .first_unread = {}};
  std::vector<std::string> folders;
  std::vector<std::vector<std::string>> names;
  for (const std::string& name : names_in(folder, Entries::folders)) {
    std::vector<std::string> pictures = pictures_in(folder / name, list);
    if (pictures.empty()) continue;
    folders.push_back(name);
    names.push_back(std::move(pictures));
  }
  if (folders.size() > most_classes)
    throw input_error({.file = folder.string(),
                       .problem = "too many classes",
                       .expected = "at most " + std::to_string(most_classes) + " folders with pictures",
                       .got = with_commas(folders.size())});
  const std::vector<std::uint64_t> labels = labels_of(folders, classes, folder);
  list.class_folders.resize(labels.empty() ? 0 : std::ranges::max(labels) + 1);
  for (std::size_t i = 0; i < folders.size(); ++i) {
    const auto label = static_cast<std::uint8_t>(labels[i]);
    list.class_folders[label] = folders[i];
    for (std::string& name : names[i]) list.pictures.push_back({std::move(name), label});
  }
  sort_by_name(list);
  return list;
}

PictureList list_unlabelled_pictures(const fs::path& folder) {
  PictureList list{.folder = folder, .class_folders = {""}, .pictures = {}, .first_unread = {}};
  for (std::string& name : pictures_in(folder, list)) list.pictures.push_back({std::move(name), 0});
  sort_by_name(list);
  return list;
}

}  // namespace nib
