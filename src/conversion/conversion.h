#pragma once

#include <cstdint>
#include <filesystem>

#include "conversion/out_format.h"
#include "data/catalogue.h"

namespace nib {

/// What may stand at the place of a set that is to be written.
enum class OldSet { keep, replace };

/// Refuses, before any work, a place where something is: with OldSet::replace only what is no set's file or folder, or
/// a folder with more in it than a set's files. Throws Error (usage).
void check_place(const std::filesystem::path& out, OutFormat format, OldSet old);

struct Written {
  std::uint64_t files = 0, bytes = 0;
};

/// Writes a set, so that it is there as a whole or not at all. Names of classes that are more than their numbers go
/// into labels.txt, where there is a folder. Without effect where a signal asks for a stop, see requested_stop().
/// Throws Error (bad input, usage, io).
Written write_set(const DataCollection& set, const std::filesystem::path& out, OutFormat format);

}  // namespace nib
