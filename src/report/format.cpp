#include "report/format.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/text.h"

namespace nib {
namespace {

const std::string narrow_space = "\u00a0";  // one that does not break

/// The number in two digits or four at `place` of a text, where there is one.
std::optional<std::uint64_t> digits(const std::string& text, std::size_t place, std::size_t length) {
  return parse_unsigned(std::string_view(text).substr(place, length));
}

}  // namespace

std::string percent_number(double share) { return fmt::format("{:.2f}", 100 * share); }

std::string percent(double share) { return percent_number(share) + narrow_space + "%"; }

std::string four_decimals(double number) {
  const double size = std::abs(number);
  const bool plain = size == 0 || (size >= 0.001 && size < 10'000);
  return plain ? fmt::format("{:.4f}", number) : fmt::format("{:.3g}", number);
}

std::string duration(double seconds) {
  if (std::abs(seconds) < 0.9995) return fmt::format("{:.0f}{}ms", 1000 * seconds, narrow_space);
  if (seconds < 59.995) return fmt::format("{:.2f}{}s", seconds, narrow_space);
  constexpr double longest = 1e15;  // beyond it a whole number of seconds is no longer exact
  const auto whole = static_cast<std::uint64_t>(std::round(std::min(seconds, longest)));
  if (whole < 3600) return fmt::format("{1}{0}min {2}{0}s", narrow_space, whole / 60, whole % 60);
  return fmt::format("{1}{0}h {2}{0}min", narrow_space, whole / 3600, whole % 3600 / 60);
}

std::string long_date(const std::string& utc) {
  static constexpr std::array months = {"January", "February", "March",     "April",   "May",      "June",
                                        "July",    "August",   "September", "October", "November", "December"};
  constexpr std::string_view pattern = "0000-00-00T00:00:00Z";
  if (utc.size() != pattern.size()) return utc;
  for (std::size_t place = 0; place < pattern.size(); ++place) {
    const bool digit = std::isdigit(static_cast<unsigned char>(utc[place])) != 0;
    if (pattern[place] == '0' ? !digit : utc[place] != pattern[place]) return utc;
  }
  const auto month = digits(utc, 5, 2), day = digits(utc, 8, 2);
  if (!month || *month < 1 || *month > months.size() || !day) return utc;
  return fmt::format("{} {} {}, {} UTC", *day, months[*month - 1], utc.substr(0, 4), utc.substr(11, 5));
}

std::string title_of_key(const std::string& key) {
  std::string title = key.starts_with("val_") ? "validation_" + key.substr(4) : key;
  for (char& letter : title)
    if (letter == '_') letter = ' ';
  if (!title.empty()) title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(title[0])));
  return title;
}

std::string described(const Json& value) {
  if (value.is_null()) return "not set";
  if (value.is_bool()) return value.boolean() ? "yes" : "no";
  return value.is_text() ? value.text() : json_line(value);
}

}  // namespace nib
