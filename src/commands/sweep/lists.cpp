#include "commands/sweep/lists.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/csv.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/command_tree.h"
#include "cli/options.h"
#include "runs/sweep_plan.h"

namespace nib {
namespace {

std::vector<std::string> divided(const OptionText& text, const std::string& given) {
  std::error_code ignored;
  const bool takes_path = ShellOption{{}, text.value_name, {}}.takes_path();
  if (text.value_name == "LIST" || (takes_path && std::filesystem::exists(given, ignored))) return {given};
  std::vector<std::string> parts;
  for (CsvCells cells(given); !cells.ended();) parts.emplace_back(cells.next());
  return parts;
}

}  // namespace

std::vector<std::string> listed_values(const OptionText& text, const std::vector<std::string>& given) {
  const std::string option = first_long_name(text.names);
  std::vector<std::string> values;
  for (const std::string& each : given)
    for (const std::string& value : divided(text, each)) {
      if (value.empty())
        throw usage_error({.file = option, .problem = "empty value", .expected = text.allowed, .got = quoted(each)});
      if (value.size() + option.size() > longest_setting_value)
        throw usage_error({.file = option, .problem = "too long", .got = quoted(value.substr(0, 40)) + "..."});
      if (std::ranges::find(values, value) != values.end())
        throw usage_error({.file = option, .problem = printable(value, 200) + " stands there twice"});
      values.push_back(value);
    }
  return values;
}

}  // namespace nib
