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

SetPlace set_place(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return {path, ""};
  return {path.has_parent_path() ? path.parent_path() : fs::path("."), path.filename().string()};
}

std::vector<std::string> words_in(const std::string& name) {
  const auto is_capital = [](char sign) { return sign >= 'A' && sign <= 'Z'; };
  const auto is_small = [](char sign) { return (sign >= 'a' && sign <= 'z') || (sign >= '0' && sign <= '9'); };
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool begins = is_capital(name[i]) && i > 0 && is_small(name[i - 1]);
    if (begins || !(is_capital(name[i]) || is_small(name[i]))) words.emplace_back();
    if (is_capital(name[i]) || is_small(name[i])) words.back() += name[i];
  }
  for (std::string& word : words) word = lower_case(word);
  return words;
}

std::string lower_case(std::string text) {
  for (char& letter : text)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return text;
}

}  // namespace nib
