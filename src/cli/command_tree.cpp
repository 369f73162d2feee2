#include "cli/command_tree.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace nib {
namespace {

/// What stands for a file or folder in help texts.
constexpr std::array<std::string_view, 10> paths = {"FILE", "DIR",  "PATH", "WEIGHTS", "IMAGE",
                                                    "RUN",  "DATA", "IN",   "OUT",     "FOLDER"};
/// Words that are written as they stand, though all others in capitals stand for something.
constexpr std::array<std::string_view, 2> capitals = {"CHW", "HWC"};

std::vector<std::string> alternatives(std::string_view value_name) {
  std::vector<std::string> found;
  while (!value_name.empty()) {
    const std::size_t end = std::min(value_name.find('|'), value_name.size());
    found.emplace_back(value_name.substr(0, end));
    value_name.remove_prefix(std::min(end + 1, value_name.size()));
  }
  return found;
}

/// "[IMAGE ...]" is "IMAGE".
std::string_view bare(std::string_view name) {
  if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
  return name.ends_with(" ...") ? name.substr(0, name.size() - 4) : name;
}

bool is_path(std::string_view word) { return std::ranges::find(paths, word) != paths.end(); }

bool is_value(std::string_view word) {
  const auto upper = [](unsigned char letter) { return std::isupper(letter) != 0; };
  const auto lower = [](unsigned char letter) { return std::islower(letter) != 0; };
  return std::ranges::find(capitals, word) != capitals.end() ||
         (std::ranges::any_of(word, lower) && std::ranges::none_of(word, upper));
}

}  // namespace

std::vector<std::string> ShellOption::choices() const {
  std::vector<std::string> words = alternatives(bare(value_name));
  std::erase_if(words, [](const std::string& word) { return !is_value(word); });
  return words;
}

bool ShellOption::takes_path() const {
  const std::vector<std::string> words = alternatives(bare(value_name));
  return std::ranges::any_of(words, [](const std::string& word) { return is_path(word); });
}

std::string CommandTree::name(const std::string& between) const {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

}  // namespace nib
