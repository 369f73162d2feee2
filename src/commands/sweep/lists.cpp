#include "commands/sweep/lists.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/synonyms.h"
#include "runs/sweep_plan.h"

namespace nib {
namespace {

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

const char* const allowed_ranges = "numbers and ranges of them, as in 0-9,15";

}  // namespace

std::string name_of(const OptionText& text) {
  const std::size_t begin = text.names.find("--") + 2;
  return text.names.substr(begin, text.names.find(',', begin) - begin);
}

std::vector<std::string> listed_values(const OptionText& text, const std::vector<std::string>& given) {
  const std::string option = "--" + name_of(text);
  std::vector<std::string> values;
  for (const std::string& each : given)
    for (const std::string& value : text.value_name == "LIST" ? std::vector<std::string>{each} : split(each)) {
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

std::vector<std::uint64_t> parse_ranges(const std::string& option, const std::string& text) {
  std::vector<std::uint64_t> numbers;
  const auto refuse = [&](const std::string& problem) {
    const std::string plain = with_plain_dashes(text);
    return usage_error({.file = option,
                        .problem = problem,
                        .got = quoted(text),
                        .hint = plain == text ? "" : "with a plain dash: " + printable(plain)});
  };
  for (const std::string& part : split(text)) {
    const std::size_t dash = part.find('-');
    const auto first = parse_unsigned(std::string_view(part).substr(0, dash));
    const auto last = dash == std::string::npos ? first : parse_unsigned(std::string_view(part).substr(dash + 1));
    if (!first || !last) throw refuse(std::string("not ") + allowed_ranges);
    if (*first > *last) throw refuse("a range ends before it begins");
    if (*last - *first >= most_sweep_runs || numbers.size() + (*last - *first) >= most_sweep_runs)
      throw refuse("more than " + with_commas(most_sweep_runs) + " numbers");
    for (std::uint64_t number = *first; number - *first <= *last - *first; ++number) {
      numbers.push_back(number);
      if (number == *last) break;  // it may be the greatest that there is
    }
  }
  std::vector<std::uint64_t> sorted = numbers;
  std::ranges::sort(sorted);
  if (const auto twice = std::ranges::adjacent_find(sorted); twice != sorted.end())
    throw refuse(std::to_string(*twice) + " stands there twice");
  return numbers;
}

}  // namespace nib
