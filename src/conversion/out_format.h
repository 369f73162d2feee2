#pragma once

#include <filesystem>
#include <string>

#include "data/catalogue.h"

namespace nib {

/// A format in which sets are written.
enum class OutFormat { idx, npz, csv, folder };

/// "idx", "npz", "csv" and "folder": what OutFormats are called.
const char* name_of(OutFormat format);
inline constexpr const char* out_format_names = "idx, npz, csv or folder";

/// The one that is asked for by its name, or where `wish` is empty the one that the name of the file or folder tells:
/// SET.npz, SET.csv, else a folder of IDX files. Throws Error (usage) for an unknown name, and for a name of the file
/// under which the set could not be read again.
OutFormat out_format(const std::filesystem::path& out, const std::string& wish);

/// Whether it is one file; else it is a folder. CSV is a file where it is called so.
bool is_file(OutFormat format, const std::filesystem::path& out);

/// Throws Error (bad input) where the set has something that the format cannot hold.
void check_fits(const DataCollection& set, OutFormat format, const std::filesystem::path& out);

}  // namespace nib
