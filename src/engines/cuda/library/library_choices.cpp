#include "engines/cuda/library/library_choices.h"

#include <fmt/core.h>

#include <algorithm>

namespace nib::cuda {
namespace {

constexpr std::size_t most_named = 3;

void add_new(std::vector<std::string>& texts, const std::vector<std::string>& more) {
  for (const std::string& text : more)
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
}

}  // namespace

void LibraryChoices::add(const LibraryChoices& more) {
  add_new(unusual, more.unusual);
  add_new(not_repeatable, more.not_repeatable);
}

std::string LibraryChoices::remark() const {
  if (unusual.empty()) return "";
  std::string named;
  for (std::size_t i = 0; i < std::min(unusual.size(), most_named); ++i) named += (i == 0 ? "" : "; ") + unusual[i];
  if (unusual.size() > most_named) named += fmt::format("; and {} more", unusual.size() - most_named);
  return " (" + named + ")";
}

}  // namespace nib::cuda
