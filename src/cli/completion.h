#pragma once

#include <string>
#include <string_view>

#include "cli/command_tree.h"

namespace nib {

/// Scripts that complete commands, options, their words and files. They need nothing but the shell, and ask nothing of
/// the program while one types. What a script is to be called, where shells look for it: docs/install.md.
std::string bash_completion(const CommandTree& program);
std::string zsh_completion(const CommandTree& program);
std::string fish_completion(const CommandTree& program);

}  // namespace nib
