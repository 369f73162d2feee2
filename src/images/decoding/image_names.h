#pragma once

#include <filesystem>
#include <string>

namespace nib {

/// True where the name has one of these endings, in any case, and is not hidden, as the ._NAME that a Mac leaves beside
/// each file is. Files of formats whose libraries are not here count, too: that they cannot be read is to be told.
bool is_image_name(const std::filesystem::path& path);

/// ".png, .jpg, ... or .pnm": the endings, for messages.
std::string image_endings();

}  // namespace nib
