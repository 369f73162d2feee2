#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/command_line.h"

namespace nib {

/// The values that were given for an option of `nib train`: each time with commas between them, or by giving the option
/// again. An option whose own value may have commas, as the text of its value says (LIST), takes one each time. Throws
/// Error (usage) naming the option for an empty value, or one that stands there twice.
std::vector<std::string> listed_values(const OptionText& text, const std::vector<std::string>& given);

/// "0-4,7" as numbers in the order given. Throws Error (usage) naming the option.
std::vector<std::uint64_t> parse_ranges(const std::string& option, const std::string& text);

/// The long name of an option without dashes: "learning-rate" of "-l,--learning-rate".
std::string name_of(const OptionText& text);

}  // namespace nib
