#include "cli/thread_counts.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/text.h"
#include "cli/options.h"

namespace nib {
namespace {

constexpr std::size_t most_counts = 64;

std::vector<unsigned> parse_counts(const std::string& all) {
  std::string_view text = all;
  std::vector<unsigned> counts;
  while (counts.size() < most_counts) {
    const std::size_t comma = text.find(',');
    const std::optional<std::uint64_t> count = parse_unsigned(text.substr(0, comma));
    if (!count || *count < 1 || *count > most_threads) return {};
    if (std::ranges::find(counts, *count) != counts.end())
      throw usage_error(
          {.file = "--threads", .problem = fmt::format("{} stands there twice", *count), .got = quoted(all)});
    counts.push_back(static_cast<unsigned>(*count));
    if (comma == std::string_view::npos) return counts;
    text.remove_prefix(comma + 1);
  }
  return {};
}

}  // namespace

void add_thread_counts_option(Command command, std::vector<unsigned>& counts) {
  const std::string range = fmt::format("between 1 and {}", most_threads);
  const std::string allowed = fmt::format("a whole number {}, or up to {} of them as in 1,2,4", range, most_counts);
  add_value(
      command,
      {.names = "-t,--threads",
       .value_name = "N,...",
       .allowed = allowed,
       .description = fmt::format("threads on the CPU, and a table where they are several: 1,2,4 ({}; default {})",
                                  range, fmt::join(counts, ","))},
      [&counts, allowed](const std::string& text) {
        const std::vector<unsigned> given = parse_counts(text);
        if (given.empty()) throw usage_error({.file = "--threads", .problem = "not " + allowed, .got = quoted(text)});
        counts = given;
      });
}

}  // namespace nib
