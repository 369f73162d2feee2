#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

namespace nib {

/// Gives the finished file `from` the name `to` in the same folder, where nothing has that name, not even a broken
/// link: 0, or an errno, EEXIST where something has it. Of several processes that do so at once one gets the name. It
/// is renamed so that nothing is replaced; where the file system cannot do that it is linked; where it cannot link
/// either, an empty file takes the name first.
int finish_new_file(int folder, const char* from, const char* to) noexcept;

/// As write_file_atomically(), but replaces nothing: false where something has the name, be it since a moment ago.
[[nodiscard]] bool write_new_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);

}  // namespace nib
