#include "cli/described_command.h"

#include <algorithm>
#include <cctype>

namespace nib {
namespace {

KnownOption known(const CLI::Option& option) {
  KnownOption known{.names = {}, .takes_value = option.get_expected_max() != 0, .allowed = option.get_type_name()};
  if (option.get_positional()) known.names.push_back(option.get_name());
  for (const std::string& name : option.get_lnames()) known.names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) known.names.push_back("-" + name);
  return known;
}

/// "-e, --epochs N"; one without a letter has its name where others have theirs.
std::string option_name(const CLI::Option& option) {
  std::string text;
  for (const std::string& letter : option.get_snames()) text += "-" + letter + ", ";
  if (text.empty()) text = "    ";
  for (const std::string& name : option.get_lnames()) text += "--" + name;
  return option.get_option_text().empty() ? text : text + ' ' + option.get_option_text();
}

std::string argument_name(const CLI::Option& option) {
  return option.get_name() + (option.get_expected_max() > 1 ? " ..." : "");
}

std::string usage(const CLI::App& command) {
  if (!subcommands(command).empty()) return full_name(command) + " COMMAND [OPTIONS]";
  std::string text = full_name(command) + " [OPTIONS]";
  for (const CLI::Option* option : command.get_options())
    if (option->get_positional()) text += ' ' + option->get_option_text();
  return text;
}

HelpSection& section(std::vector<HelpSection>& sections, const std::string& title) {
  const auto found = std::ranges::find(sections, title, &HelpSection::title);
  return found != sections.end() ? *found : sections.emplace_back(HelpSection{.title = title, .rows = {}});
}

std::string as_sentence(std::string text) {
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text.ends_with('.') ? text : text + '.';
}

/// "train|evaluate|predict".
std::string alternatives(const std::vector<const CLI::App*>& commands) {
  std::string text;
  for (const CLI::App* command : commands) text += (text.empty() ? "" : "|") + command->get_name();
  return text;
}

ShellOption shell_option(const CLI::Option& option) {
  ShellOption shell{.names = {}, .value_name = option.get_option_text(), .description = option.get_description()};
  // An argument is told by its name, the words that it may be by its type.
  if (option.get_positional() && option.get_type_name().find('|') != std::string::npos)
    shell.value_name = option.get_type_name();
  for (const std::string& letter : option.get_snames()) shell.names.push_back("-" + letter);
  for (const std::string& name : option.get_lnames()) shell.names.push_back("--" + name);
  return shell;
}

}  // namespace

std::vector<const CLI::App*> subcommands(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::string full_name(const CLI::App& command) {
  return command.get_parent() ? full_name(*command.get_parent()) + " " + command.get_name() : command.get_name();
}

KnownCommand known(const CLI::App& command, const CommandNode* node) {
  KnownCommand known_command{.name = full_name(command), .commands = {}, .options = {}};
  for (const CLI::App* own : subcommands(command)) known_command.commands.push_back(own->get_name());
  for (const CLI::Option* option : command.get_options()) known_command.options.push_back(known(*option));
  if (node != nullptr) known_command.refused = node->refused;
  return known_command;
}

HelpPage help_page(const CLI::App& command, CommandParser& parser) {
  HelpPage page{.usage = usage(command), .description = as_sentence(command.get_description()), .sections = {}};
  for (const CLI::App* each : subcommands(command))
    section(page.sections, "Commands").rows.push_back({each->get_name(), each->get_description()});
  for (const CLI::Option* option : command.get_options())
    if (option->get_positional())
      section(page.sections, "Arguments").rows.push_back({argument_name(*option), option->get_description()});
  for (const CLI::Option* option : command.get_options())
    if (!option->get_positional() && option != command.get_help_ptr() && option != command.get_version_ptr())
      section(page.sections, option->get_group()).rows.push_back({option_name(*option), option->get_description()});
  // Those that every command has stand last.
  const bool has_options =
      !page.sections.empty() && subcommands(command).empty() && page.sections.back().title != "Arguments";
  HelpSection& last = has_options ? page.sections.back() : section(page.sections, "Options");
  for (const CLI::Option* option : {command.get_help_ptr(), command.get_version_ptr()})
    if (option != nullptr) last.rows.push_back({option_name(*option), option->get_description()});
  if (const CommandNode* const node = node_of(parser, command); node != nullptr && !node->examples.empty())
    page.sections.push_back({.title = "Examples", .rows = node->examples});
  if (command.get_parent() == nullptr) page.footer = parser.footer;
  return page;
}

CommandTree command_tree(const CLI::App& command, CommandParser& parser, std::vector<std::string> words) {
  words.push_back(command.get_name());
  CommandTree tree{.words = words,
                   .description = command.get_description(),
                   .page = help_page(command, parser),
                   .options = {},
                   .commands = {}};
  for (const CLI::Option* option : command.get_options()) tree.options.push_back(shell_option(*option));
  if (command.get_name() == "help")
    for (ShellOption& option : tree.options)
      if (option.is_argument()) option.value_name = alternatives(subcommands(parser.app));
  for (const CLI::App* each : subcommands(command)) tree.commands.push_back(command_tree(*each, parser, words));
  return tree;
}

}  // namespace nib
