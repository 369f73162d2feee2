#pragma once

#include <string>
#include <vector>

#include "cli/command_line.h"

namespace nib {

/// The values that were given for an option of `nib train`: each time with commas between them, or by giving the option
/// again. One whose own value may have commas, as the text of its value says (LIST), takes one each time; so does one
/// that takes a path, of a file or folder that is there. Throws Error (usage) naming the option for an empty value, or
/// one that stands there twice.
std::vector<std::string> listed_values(const OptionText& text, const std::vector<std::string>& given);

}  // namespace nib
