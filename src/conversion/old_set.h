#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace nib {

inline constexpr std::string_view class_names_file = "labels.txt";

/// What in `folder`, or in a folder in it, is not of the one set that write_set() could have put there: its path from
/// `folder`; or nothing. Names are looked at, kinds of files, and what tables, IDX files and names of classes begin
/// with. What cannot be read is no set's.
std::string stranger_in(const std::filesystem::path& folder);

}  // namespace nib
