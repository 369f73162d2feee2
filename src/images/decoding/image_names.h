#pragma once

#include <filesystem>

namespace nib {

/// True where the name ends in .png, .jpg, .jpeg, .pgm, .pbm, .ppm or .pnm, in any case, and is not hidden, as the
/// ._NAME that a Mac leaves beside each file is.
bool is_image_name(const std::filesystem::path& path);

}  // namespace nib
