#pragma once

#include <filesystem>
#include <string>

namespace nib {

/// What a chain of symbolic links ends at, whether or not that exists. Throws Error (io) for a loop.
std::filesystem::path behind_links(std::filesystem::path path);

/// Lets the symbolic link `name` in `folder` point to `target`, which it replaces in one step and forces to the disk,
/// and removes what killed processes left of such links, `.NAME.*.tmp`; where the file system has no locks these stay.
/// False when the file system refuses, or something else has the name.
bool point_link(const std::filesystem::path& folder, const std::string& name, const std::filesystem::path& target);

}  // namespace nib
