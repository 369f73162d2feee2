#include "data/no_set.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/files.h"
#include "base/text.h"
#include "data/data_format.h"
#include "data/file_names.h"
#include "data/folder_entries.h"
#include "data/near_names.h"
#include "data/picture_list.h"
#include "encodings/file_kind.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_named = 3;

/// "pdf"; empty for a name without an ending.
std::string ending_of(const std::string& name) {
  const std::string ending = lower_case(fs::path(name).extension().string());
  return ending.size() > 1 && ending.size() <= 9 ? ending.substr(1) : "";
}

std::string capitals(std::string text) {
  for (char& letter : text)
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  return text;
}

/// "3 PDF files", "the file notes.txt".
std::string files_in_words(const std::string& ending, const std::vector<std::string>& names) {
  if (names.size() == 1) return "the file " + printable(names.front(), 60);
  if (ending.empty()) return with_commas(names.size()) + " files without an ending";
  return fmt::format("{} {} files", with_commas(names.size()), printable(capitals(ending)));
}

/// "the folders a and b".
std::string folders_in_words(std::vector<std::string> names) {
  const std::size_t all = names.size();
  if (all > most_named) return fmt::format("{} folders, {} the first", with_commas(all), printable(names.front(), 60));
  for (std::string& name : names) name = printable(name, 60);
  return (all == 1 ? "the folder " : "the folders ") + join_words(names);
}

/// The paths below of sets, from `folder`, as far as a short look shows any.
std::vector<std::string> sets_below(const fs::path& folder) {
  constexpr std::size_t most_folders = 20;
  std::vector<std::string> found = folders_with_data(folder);
  std::vector<std::string> names = names_in(folder, Entries::folders);
  names.resize(std::min(names.size(), most_folders));
  for (const std::string& name : names) {
    if (find_data_format(folder / name) != nullptr) {
      found.push_back(name);
      continue;
    }
    std::vector<std::string> inner = names_in(folder / name, Entries::folders);
    inner.resize(std::min(inner.size(), most_folders));
    for (const std::string& below : inner)
      if (find_data_format(folder / name / below) != nullptr) found.push_back(name + '/' + below);
  }
  return found;
}

/// Of the first file for which there is one.
std::string hint_by_kinds(const fs::path& folder, const std::vector<std::string>& files) {
  constexpr std::size_t most_files = 20;
  for (std::size_t i = 0; i < std::min(files.size(), most_files); ++i)
    if (std::string hint = hint_for_file(folder / files[i]); !hint.empty()) return hint;
  return "";
}

/// Whether pictures in formats that nib does not read lie in the folder or up to two levels below it.
bool has_other_pictures(const fs::path& folder, int levels = 2) {
  constexpr std::size_t most_folders = 20;
  if (std::ranges::any_of(names_in(folder, Entries::files), is_other_picture)) return true;
  std::vector<std::string> names = names_in(folder, Entries::folders);
  names.resize(std::min(names.size(), most_folders));
  return levels > 0 && std::ranges::any_of(names, [&](const std::string& name) {
           return has_other_pictures(folder / name, levels - 1);
         });
}

std::string hint_for(const fs::path& folder) {
  const std::vector<std::string> files = names_in(folder, Entries::files);
  if (const std::vector<std::string> below = sets_below(folder); !below.empty())
    return below.size() == 1 ? fmt::format("there is a set in it: give {} as {}",
                                           printable((folder / below.front()).string()), setting("data"))
                             : fmt::format("there are sets in {}{}: give one of these folders as {}",
                                           printable(below[0], 60), " and " + printable(below[1], 60), setting("data"));
  const auto tables = std::ranges::count_if(files, [](const std::string& name) { return ending_of(name) == "csv"; });
  if (tables > 1)
    return "call the CSV files of a set train.csv and test.csv, or give one of them as " + setting("data");
  if (const std::string hint = hint_by_kinds(folder, files); !hint.empty()) return hint;
  if (std::ranges::any_of(files, [](const std::string& name) { return ending_of(name) == "npy"; }))
    return "call NumPy's files x_train.npy, y_train.npy, x_test.npy and y_test.npy";
  if (has_other_pictures(folder)) return "save the pictures as PNG or JPEG, which nib reads";
  const auto is_class = [&](const std::string& name) { return has_pictures(folder / name); };
  if (has_pictures(folder) || std::ranges::any_of(names_in(folder, Entries::folders), is_class))
    return "pictures are a set where they lie in a folder for each of two classes or more, as 7/1.png and 8/2.png";
  return "nib reads IDX files, CSV tables, NumPy's .npz and folders of pictures by class";
}

}  // namespace

std::string contents_in_words(const fs::path& folder) {
  std::map<std::string, std::vector<std::string>> by_ending;
  for (std::string& name : names_in(folder, Entries::files)) by_ending[ending_of(name)].push_back(std::move(name));
  std::vector<std::pair<std::string, std::vector<std::string>>> kinds(by_ending.begin(), by_ending.end());
  std::ranges::stable_sort(kinds, std::ranges::greater{}, [](const auto& kind) { return kind.second.size(); });
  std::vector<std::string> words;
  std::size_t others = 0;
  for (const auto& [ending, names] : kinds) {
    if (words.size() < most_named)
      words.push_back(files_in_words(ending, names));
    else
      others += names.size();
  }
  if (others > 0) words.push_back(fmt::format("{} other file{}", with_commas(others), others == 1 ? "" : "s"));
  if (const std::vector<std::string> folders = names_in(folder, Entries::folders); !folders.empty())
    words.push_back(folders_in_words(folders));
  return words.empty() ? "nothing" : join_words(words);
}

bool holds_no_set(const fs::path& folder) {
  if (holds_data_files(folder) || find_data_format(folder) != nullptr) return false;
  return std::ranges::all_of(file_roles, [&](const FileRole& role) { return near_files(folder, role).empty(); });
}

std::string hint_for_file(const fs::path& path) {
  constexpr std::array<std::string_view, 7> of_others = {"pkl", "pickle", "mat", "arrow", "feather", "pt", "pth"};
  const std::vector<std::uint8_t> beginning = beginning_of(path, file_kind_bytes);
  const FileKind kind = file_kind(beginning);
  const std::string name = printable(path.filename().string(), 60);
  const std::string inner =
      is_packed(kind) && ending_of(path.filename().string()) == "gz" ? path.stem().string() : path.filename().string();
  if (kind == FileKind::parquet || kind == FileKind::hdf5 ||
      std::ranges::find(of_others, ending_of(inner)) != of_others.end())
    return fmt::format("save {} as CSV or as NumPy's .npz, which nib reads", name);
  if (is_packed(kind)) return fmt::format("unpack {} first", name);
  if (is_other_picture(path)) return "save the pictures as PNG or JPEG, which nib reads";
  return "";
}

Error no_set_in(const fs::path& folder) {
  std::error_code error;
  fs::directory_iterator(folder, error);
  if (error)
    return io_error({.file = folder.string(), .problem = "cannot list the folder: " + system_message(error.value())});
  return input_error({.file = folder.string(),
                      .problem = "no data set: holds " + contents_in_words(folder),
                      .hint = hint_for(folder)});
}

}  // namespace nib
