#pragma once

#include <string>
#include <vector>

#include "cli/command_parser.h"
#include "cli/command_tree.h"
#include "cli/usage.h"

namespace nib {

// What the parser knows of a command, in this program's words.

std::vector<const CLI::App*> subcommands(const CLI::App& command);
/// With those above it: "nib data fetch".
std::string full_name(const CLI::App& command);
/// `node`: the command's, where it is at hand.
KnownCommand known(const CLI::App& command, const CommandNode* node = nullptr);
HelpPage help_page(const CLI::App& command, CommandParser& parser);
/// All that can be written behind a command; `above`: the words before its own.
CommandTree command_tree(const CLI::App& command, CommandParser& parser, std::vector<std::string> above = {});

}  // namespace nib
