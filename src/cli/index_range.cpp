#include "cli/index_range.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>

#include "base/error.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/synonyms.h"

namespace nib {
namespace {

const char* const allowed = "A-B or A, counted from 0";

IndexRange parse_range(const std::string& text) {
  const std::size_t dash = text.find('-');
  const auto first = parse_unsigned(text.substr(0, dash));
  const auto last = dash == std::string::npos ? first : parse_unsigned(text.substr(dash + 1));
  if (!first || !last) {
    const std::string plain = with_plain_dashes(text);
    throw usage_error({.file = "--index",
                       .problem = "not a range of images",
                       .expected = allowed,
                       .got = quoted(text),
                       .hint = plain == text ? "" : "with a plain dash: " + printable(plain)});
  }
  if (*first > *last)
    throw usage_error(
        {.file = "--index", .problem = "the range ends before it begins", .expected = allowed, .got = quoted(text)});
  return {*first, *last};
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
