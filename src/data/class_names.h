#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nib {

/// Class names from a text: one a line, in the order of the labels. 2 to 256 of them, each of 1 to 64 bytes of UTF-8
/// without control characters, no two alike. Lines may end as Windows ends them; a byte order mark and empty last lines
/// are no names. Throws Error (bad input) naming `file` and the line.
std::vector<std::string> parse_class_names(std::string_view text, const std::string& file);

/// The names in labels.txt of `folder`, or nullopt where there is no such file.
std::optional<std::vector<std::string>> read_class_names(const std::filesystem::path& folder);

/// "0", "1", ..., as many as asked for.
std::vector<std::string> numbered_class_names(std::size_t count);

}  // namespace nib
