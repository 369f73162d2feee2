#include "formats/checkpoint_names.h"

#include <algorithm>
#include <functional>
#include <system_error>
#include <utility>

#include "base/text.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view before_step = "checkpoint-", behind_step = ".safetensors";

}  // namespace

std::optional<std::uint64_t> step_in_name(std::string_view name) {
  if (!name.starts_with(before_step) || !name.ends_with(behind_step)) return std::nullopt;
  name.remove_prefix(before_step.size());
  name.remove_suffix(std::min(name.size(), behind_step.size()));
  return parse_unsigned(std::string(name));
}

std::string checkpoint_file_of(std::uint64_t step) {
  return std::string(before_step) + std::to_string(step) + std::string(behind_step);
}

std::vector<std::string> checkpoint_files(const fs::path& folder) {
  std::vector<std::pair<std::uint64_t, std::string>> numbered;
  std::error_code error;
  bool plain = false;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (const auto step = step_in_name(name)) numbered.emplace_back(*step, name);
    plain = plain || name == checkpoint_file;
  }
  std::ranges::sort(numbered, std::greater<>());
  std::vector<std::string> names;
  for (auto& [step, name] : numbered) names.push_back(std::move(name));
  if (plain) names.emplace_back(checkpoint_file);
  return names;
}

}  // namespace nib
