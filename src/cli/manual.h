#pragma once

#include <filesystem>
#include <string>

#include "cli/command_tree.h"

namespace nib {

/// The manual page of one command for `man`, in the language of man(7). No date: the same program has the same page.
std::string manual_page(const CommandTree& command, const CommandTree& program, const std::string& version);

/// Writes the pages of the program and of all its commands into `folder`, which is made where it is missing: nib.1,
/// nib-train.1, nib-data-fetch.1 ... Throws Error (io).
void write_manual(const std::filesystem::path& folder, const CommandTree& program, const std::string& version);

}  // namespace nib
