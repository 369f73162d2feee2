#include "cli/index_range.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>
#include <string_view>
#include <utility>

#include "base/csv.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/synonyms.h"

namespace nib {
namespace {

const char* const allowed = "A-B or A, counted from 0";
const char* const allowed_ranges = "numbers and ranges of them, as in 0-9,15";

/// It may end before it begins; nothing for what is no range.
std::optional<IndexRange> read_range(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = parse_unsigned(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : parse_unsigned(text.substr(dash + 1));
  if (!first || !last) return std::nullopt;
  return IndexRange{*first, *last};
}

Error wrong_range(const std::string& option, const std::string& text, Problem problem) {
  const std::string plain = with_plain_dashes(text);
  problem.file = option;
  problem.got = quoted(text);
  if (plain != text) problem.hint = "with a plain dash: " + printable(plain);
  return usage_error(std::move(problem));
}

IndexRange parse_range(const std::string& text) {
  const std::optional<IndexRange> range = read_range(text);
  if (!range) throw wrong_range("--index", text, {.problem = "not a range of images", .expected = allowed});
  if (range->first > range->last)
    throw wrong_range("--index", text, {.problem = "the range ends before it begins", .expected = allowed});
  return *range;
}

std::vector<std::uint64_t> parse_ranges(const std::string& option, const std::string& text, std::size_t most) {
  std::vector<std::uint64_t> numbers;
  for (CsvCells parts(text); !parts.ended();) {
    const std::optional<IndexRange> range = read_range(parts.next());
    if (!range) throw wrong_range(option, text, {.problem = std::string("not ") + allowed_ranges});
    const auto [first, last] = *range;
    if (first > last) throw wrong_range(option, text, {.problem = "a range ends before it begins"});
    if (last - first >= most - numbers.size())
      throw wrong_range(option, text, {.problem = "more than " + with_commas(most) + " numbers"});
    for (std::uint64_t i = 0; i <= last - first; ++i) numbers.push_back(first + i);
  }
  std::vector<std::uint64_t> sorted = numbers;
  std::ranges::sort(sorted);
  if (const auto twice = std::ranges::adjacent_find(sorted); twice != sorted.end())
    throw wrong_range(option, text, {.problem = std::to_string(*twice) + " stands there twice"});
  return numbers;
}

}  // namespace

void add_index_option(Command command, std::optional<IndexRange>& range) {
  add_value(command,
            {.names = "-i,--index",
             .value_name = "A-B",
             .allowed = allowed,
             .description = "which images, counted from 0 (default 0-8)"},
            [&range](const std::string& text) { range = parse_range(text); });
}

void add_ranges_option(Command command, const std::string& names, std::vector<std::uint64_t>& numbers, std::size_t most,
                       const std::string& description) {
  add_value(command, {.names = names, .value_name = "A-B,...", .allowed = allowed_ranges, .description = description},
            [&numbers, most, option = first_long_name(names)](const std::string& text) {
              numbers = parse_ranges(option, text, most);
            });
}

std::vector<std::size_t> indices_of(const std::optional<IndexRange>& range, std::size_t count,
                                    const std::string& source) {
  if (range && range->last >= count)
    throw usage_error({.file = "--index",
                       .problem = fmt::format("beyond the {} images of {}", with_commas(count), source),
                       .expected = fmt::format("at most {}", count - 1),
                       .got = std::to_string(range->last)});
  const IndexRange wanted = range.value_or(IndexRange{});
  std::vector<std::size_t> indices(std::min(wanted.last + 1, count) - wanted.first);
  std::iota(indices.begin(), indices.end(), wanted.first);
  return indices;
}

}  // namespace nib
