#pragma once

#include <cstddef>
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

/// The indices of a range, the first nine images where none was given. Throws Error (usage) for one that goes beyond
/// the `count` images of `source`.
std::vector<std::size_t> indices_of(const std::optional<IndexRange>& range, std::size_t count,
                                    const std::string& source);

}  // namespace nib
