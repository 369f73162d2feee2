#include "data/picture_list.h"

#include <algorithm>
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

std::vector<std::string> pictures_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    if (is_image_name(entry->path()) && !entry->is_directory(ignored))
      names.push_back(entry->path().filename().string());
  }
  if (error)
    throw io_error({.file = folder.string(), .problem = "cannot list the folder: " + system_message(error.value())});
  return names;
}

/// A label for each folder: see list_pictures().
std::vector<std::uint64_t> labels_of(const std::vector<std::string>& folders, const std::vector<std::string>& classes,
                                     const fs::path& folder) {
  std::vector<std::uint64_t> labels;
  for (const std::string& name : folders) {
    const std::optional<std::uint64_t> number = parse_unsigned(name);
    if (number && *number < most_classes && std::ranges::find(labels, *number) == labels.end())
      labels.push_back(*number);
  }
  if (labels.size() == folders.size()) return labels;
  labels.clear();
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
  std::vector<std::string> folders;
  std::vector<std::vector<std::string>> names;
  for (const std::string& name : names_in(folder, Entries::folders)) {
    std::vector<std::string> pictures = pictures_in(folder / name);
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
  PictureList list{.folder = folder, .class_folders = {}, .pictures = {}};
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
  PictureList list{.folder = folder, .class_folders = {""}, .pictures = {}};
  for (std::string& name : pictures_in(folder)) list.pictures.push_back({std::move(name), 0});
  sort_by_name(list);
  return list;
}

}  // namespace nib
