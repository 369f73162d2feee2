#pragma once

#include <cstdint>
#include <filesystem>

#include "conversion/place.h"
#include "data/catalogue.h"

namespace nib {

struct Written {
  std::uint64_t files = 0, bytes = 0;
};

/// Writes a set, so that it is there as a whole or not at all, at a place that check_place() takes, before and behind
/// the work. Folders above it are made. Names of classes that are more than their numbers go into labels.txt, where
/// there is a folder. Without effect where a signal asks for a stop, see requested_stop(). Throws Error (bad input,
/// usage, io).
Written write_set(const DataCollection& set, const std::filesystem::path& out, OutFormat format, OldSet old);

}  // namespace nib
