#include "data/near_names.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "data/file_names.h"
#include "data/folder_entries.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

bool is_gzip_name(const std::string& name) { return lower_case(name).find(".gz") != std::string::npos; }

/// Without the "(1)" that browsers put into the names of second downloads.
std::string without_number(std::string name) {
  const std::size_t open = name.find('('), close = name.find(')');
  if (open == std::string::npos || close == std::string::npos || close < open + 2) return name;
  if (!std::all_of(name.begin() + std::ptrdiff_t(open) + 1, name.begin() + std::ptrdiff_t(close),
                   [](unsigned char digit) { return std::isdigit(digit); }))
    return name;
  const std::size_t begin = open > 0 && name[open - 1] == ' ' ? open - 1 : open;
  return name.erase(begin, close + 1 - begin);
}

std::string without_gzip_ending(std::string name) {
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  return name;
}

/// The name as nib writes it, with a dash and without .gz.
std::string usual_writing(const std::string& name) {
  std::string usual = without_gzip_ending(without_number(lower_case(name)));
  for (char& sign : usual)
    if (sign == '.' || sign == '_' || sign == ' ') sign = '-';
  if (usual.starts_with("test-")) usual.replace(0, 4, "t10k");
  return usual;
}

/// Words of both halves of the stem: "train" and "images"; of the test part also "test".
bool comes_near(const std::string& name, const FileRole& role) {
  const std::string_view part = role.stem.substr(0, role.stem.find('-'));
  const std::string_view kind = role.stem.substr(role.stem.find('-') + 1);
  const std::string text = lower_case(name);
  const bool same_part =
      text.find(part) != std::string::npos || (part == "t10k" && text.find("test") != std::string::npos);
  return same_part && text.find(kind) != std::string::npos;
}

bool is_incomplete_download(const std::string& name) {
  constexpr std::array<std::string_view, 4> endings = {".part", ".crdownload", ".download", ".partial"};
  return std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
}

std::string listed(std::vector<std::string> names) {
  constexpr std::size_t most_named = 3;
  const std::size_t all = names.size();
  if (all > most_named) {
    names.resize(most_named);
    names.push_back(fmt::format("{} more", all - most_named));
  }
  return printable(join_words(names));
}

/// See folders_with_data(), of so many levels.
class FoldersWithData {
 public:
  explicit FoldersWithData(const fs::path& folder) : folder_(folder) {}
  std::vector<std::string> search(int levels) {
    look_below({}, levels);
    return std::move(found_);
  }

 private:
  void look_below(const fs::path& below, int levels) {
    for (const std::string& name : names_in(folder_ / below, Entries::folders)) {
      if (--left_to_look_at_ < 0) return;
      const fs::path here = below / name;
      if (holds_data_files(folder_ / here)) found_.push_back(here.string());
      if (levels > 1) look_below(here, levels - 1);
    }
  }

  const fs::path& folder_;
  int left_to_look_at_ = 200;  ///< in the root of a file system the search must end, too
  std::vector<std::string> found_;
};

}  // namespace

std::vector<fs::path> other_writings(const fs::path& folder, const FileRole& role) {
  const std::string wanted = fmt::format("{}-{}", role.stem, role.suffix);
  std::vector<std::string> names = names_in(folder, Entries::files);
  std::erase_if(names, [&](const std::string& name) { return usual_writing(name) != wanted; });
  std::ranges::stable_sort(names, {}, is_gzip_name);
  std::vector<fs::path> paths;
  for (const std::string& name : names) {
    if (without_gzip_ending(name) != without_gzip_ending(names.front())) return {};
    paths.push_back(folder / name);
  }
  return paths;
}

std::vector<std::string> folders_with_data(const fs::path& folder) { return FoldersWithData(folder).search(2); }

std::vector<std::string> near_files(const fs::path& folder, const FileRole& role) {
  std::vector<std::string> near = names_in(folder, Entries::files);
  std::erase_if(near, [&](const std::string& name) { return !comes_near(name, role); });
  return near;
}

std::string hint_at_near_names(const fs::path& folder, const FileRole& role) {
  const std::vector<std::string> near = near_files(folder, role);
  if (near.size() == 1 && is_incomplete_download(near.front()))
    return printable(near.front()) + " is there, an incomplete download";
  if (!near.empty())
    return fmt::format("{} {} there: the file that is meant has to have one of the names above", listed(near),
                       near.size() == 1 ? "is" : "are");
  const std::vector<std::string> below = folders_with_data(folder);
  if (below.empty()) return "";
  return fmt::format("there are such files in {}: give {} as {}", listed(below),
                     below.size() == 1 ? printable((folder / below.front()).string()) : "that folder", setting("data"));
}

}  // namespace nib
