#include "cli/flags.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace nib {
namespace {

/// The settings whose flags are not their names.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> renamed = {{
    {"event log", "--log-json"},
    {"output folder", "--out"},
}};

}  // namespace

std::string flag_of(std::string_view setting) {
  const auto* const found = std::ranges::find(renamed, setting, [](const auto& entry) { return entry.first; });
  if (found != renamed.end()) return std::string(found->second);
  std::string flag = "--" + std::string(setting);
  std::ranges::replace(flag, ' ', '-');
  return flag;
}

std::string with_flags(std::string_view text) { return name_settings(text, flag_of); }

std::string error_line(const std::exception& error) {
  if (const auto* known = dynamic_cast<const Error*>(&error)) return problem_line(known->problem(), flag_of);
  return printable(error.what());
}

std::string error_text(const Error& error) {
  const std::string& hint = error.problem().hint;
  return "error: " + error_line(error) + (hint.empty() ? "" : "\nhint: " + printable(with_flags(hint)));
}

}  // namespace nib
