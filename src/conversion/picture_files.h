#pragma once

#include <filesystem>

#include "base/new_folder.h"
#include "nib/dataset.h"

namespace nib {

/// Writes the images of a part as PNG files into the folder PART of `folder`: PART/LABEL/INDEX.png, of 8 bits grey, on
/// all cores. Ends early where a signal asks for it, see requested_stop(). Returns the bytes that were written.
std::uint64_t write_pictures(const Dataset& images, const std::filesystem::path& part, NewFolder& folder);

}  // namespace nib
