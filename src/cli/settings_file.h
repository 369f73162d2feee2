#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nib {

/// One line of a settings file: `name = value`.
struct FileSetting {
  std::string name;   ///< as it stands there, a long option without its dashes
  std::string value;  ///< as on the command line: a list is its elements with commas between them
  std::size_t line;   ///< from 1
};

/// Reads a settings file (https://toml.io), as much of TOML as options need: lines of `name = value`, where the value
/// is a number, true, false, a text in quotes or a list of them; comments; the header `[table]` above them. Every such
/// file is TOML, and what else TOML has - escapes in texts, lists over several lines, other tables - is refused, never
/// read as something else. Throws Error: io, or bad input with the line.
std::vector<FileSetting> read_settings_file(const std::string& file, const std::string& table);

/// The same of a text; `source` stands for the file in errors.
std::vector<FileSetting> read_settings(std::string_view text, const std::string& source, const std::string& table);

/// A value as such a file has it, bare or in quotes. Throws Error (usage) for a text that no quotes can hold.
std::string settings_file_value(const std::string& name, const std::string& value);

}  // namespace nib
