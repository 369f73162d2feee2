#pragma once

#include <filesystem>

#include "base/error.h"
#include "conversion/out_format.h"
#include "data/catalogue.h"

namespace nib {

/// What may stand at the place of a set that is to be written.
enum class OldSet { keep, replace };

/// Refuses, before any work, a place where a set cannot go: where something is, but for an empty folder, or with
/// OldSet::replace a folder with more in it than write_set() puts there; a symbolic link; the folder that the program
/// runs in. Throws Error (usage).
void check_place(const std::filesystem::path& out, OutFormat format, OldSet old);

/// What a place that is taken is refused with, where nothing may be replaced.
Error exists_already(const std::filesystem::path& out);

/// Refuses a place that is, holds or lies in the set that was read. Throws Error (usage).
void check_apart(const std::filesystem::path& out, const DataCollection& set);

}  // namespace nib
