#pragma once

#include <string>

namespace nib {

/// Checks, before any work, whether a command may write the file `out`: not over what is no file, never over the file
/// `in` that it reads (its argument `in_name`), over another one only by `force`. Throws Error (usage).
void check_output_file(const std::string& out, const std::string& in, const std::string& in_name, bool force);

}  // namespace nib
