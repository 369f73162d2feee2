#pragma once

// Included by two files alone: each that sees CLI11 costs ten seconds to compile.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/command_line.h"
#include "cli/help_page.h"
#include "cli/option_values.h"

namespace nib {

/// A command as the parser has it, with what the parser does not keep of it.
class CommandNode {
 public:
  CLI::App& app;
  CommandParser& parser;
  std::vector<HelpRow> examples{};
  std::vector<OptionValue> options{};
  std::vector<const CLI::Option*> parsed{};                    ///< the same options
  std::vector<std::pair<std::string, std::string>> refused{};  ///< see Command::add_refused()
  std::vector<Recipe> recipes{};
  std::string settings_file{};

  CLI::Option& add(const OptionText& text, AcceptValues accept, CLI::Option& option);
  OptionValue* find(std::string_view name);
};

class CommandParser {
 public:
  CommandParser(const std::string& description, const std::string& program) : app(description, program) {}

  CLI::App app;
  std::deque<CommandNode> nodes{};  ///< one a command: their places must last
  std::string footer{};
  Action chosen{};
};

/// Null for none.
inline CommandNode* node_of(CommandParser& parser, const CLI::App& app) {
  const auto node = std::ranges::find(parser.nodes, &app, [](const CommandNode& each) { return &each.app; });
  return node == parser.nodes.end() ? nullptr : &*node;
}

}  // namespace nib
