#include "data/folder_entries.h"

#include <algorithm>
#include <cstddef>
#include <system_error>

namespace nib {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_entries = 200'000;

}  // namespace

std::vector<std::string> names_in(const fs::path& folder, Entries entries) {
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (std::size_t seen = 0; !error && entry != fs::directory_iterator() && seen < most_entries; ++seen) {
    const std::string name = entry->path().filename().string();
    std::error_code ignored;
    if (!name.starts_with('.') && entry->is_directory(ignored) == (entries == Entries::folders)) names.push_back(name);
    entry.increment(error);
  }
  std::ranges::sort(names);
  return names;
}

std::string lower_case(std::string text) {
  for (char& letter : text)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return text;
}

}  // namespace nib
