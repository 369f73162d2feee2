#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/command_line.h"

namespace nib {

/// Images first to last of a set, counted from 0.
struct IndexRange {
  std::size_t first = 0, last = 8;
};

/// --index A-B, or --index A for a single image. Left out, `range` stays empty.
void add_index_option(Command command, std::optional<IndexRange>& range);

/// An option that takes numbers and ranges of them, "0-9,15", in any order, at most `most` of them and none twice.
void add_ranges_option(Command command, const std::string& names, std::vector<std::uint64_t>& numbers, std::size_t most,
                       const std::string& description);

/// The indices of a range, the first nine images where none was given. Throws Error (usage) for one that goes beyond
/// the `count` images of `source`.
std::vector<std::size_t> indices_of(const std::optional<IndexRange>& range, std::size_t count,
                                    const std::string& source);

}  // namespace nib
