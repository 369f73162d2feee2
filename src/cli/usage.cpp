#include "cli/usage.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "cli/options.h"

namespace nib {
namespace {

/// The command that the arguments got to: the program itself, or the innermost subcommand.
const CLI::App& chosen_command(const CLI::App& app) {
  const std::vector<CLI::App*> chosen = app.get_subcommands();
  return chosen.empty() ? app : chosen_command(*chosen.back());
}

std::string full_name(const CLI::App& command) {
  return command.get_parent() ? full_name(*command.get_parent()) + " " + command.get_name() : command.get_name();
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

std::string did_you_mean(const std::optional<std::string>& name) {
  return name ? "did you mean " + *name + "?" : std::string();
}

Error unknown_option(const std::string& argument, const CLI::App& command) {
  const std::string name = argument.substr(0, argument.find('='));
  if (command.get_option_no_throw(name) != nullptr)
    return usage_error({.file = name,
                        .problem = "option in the wrong place",
                        .hint = "write it right behind the command: " + full_name(command) + " " + name});
  const std::optional<std::string> near = nearest(name, option_names(command));
  return usage_error({.problem = "unknown option " + quoted(name) + " of " + full_name(command),
                      .hint = near ? did_you_mean(near) : full_name(command) + " --help lists the options"});
}

/// "a, b or c".
std::string one_of(const std::vector<std::string>& names) {
  std::string text = join_words(names);
  if (const std::size_t last = text.rfind(" and "); last != std::string::npos) text.replace(last, 5, " or ");
  return text;
}

/// The first argument that nothing was found for.
Error not_expected(const std::vector<std::string>& left, const CLI::App& command) {
  const auto is_option = [](const std::string& text) { return text.size() > 1 && text.front() == '-' && text != "--"; };
  const auto option = std::find_if(left.begin(), left.end(), is_option);
  if (option != left.end()) return unknown_option(*option, command);
  const auto word = std::find_if(left.begin(), left.end(), [](const std::string& text) { return text != "--"; });
  const std::string text = word == left.end() ? "--" : *word;
  const std::vector<std::string> commands = command_names(command);
  if (commands.empty())
    return usage_error({.problem = full_name(command) + " takes no argument " + quoted(text),
                        .hint = full_name(command) + " --help shows the usage"});
  return usage_error({.problem = full_name(command) + " has no command " + quoted(text),
                      .expected = one_of(commands),
                      .hint = did_you_mean(nearest(text, commands))});
}

/// CLI11 begins these messages with the name of the option: "--epochs: 1 required ...", "quiet was given ...".
Error mismatch(const std::string& message, const CLI::App& command) {
  std::string name = message.substr(0, message.find_first_of(": "));
  if (!name.starts_with('-')) name = "--" + name;
  const CLI::Option* option = command.get_option_no_throw(name);
  if (option == nullptr) return usage_error({.problem = message});
  if (option->get_expected_max() == 0) return usage_error({.file = name, .problem = "takes no value"});
  return usage_error({.file = name, .problem = "needs a value", .expected = option->get_type_name()});
}

}  // namespace

void check_arguments(std::span<char*> arguments) {
  for (const std::string_view argument : arguments) {
    if (argument == "--") return;
    if (argument.size() > 3 && argument.starts_with("--") && argument.find('=') == argument.size() - 1)
      throw usage_error({.file = std::string(argument.substr(0, argument.size() - 1)), .problem = "empty value"});
  }
}

Error explain(const CLI::ParseError& error, const CLI::App& app) {
  const CLI::App& command = chosen_command(app);
  const std::vector<std::string> left = app.remaining(true);
  if (!left.empty()) return not_expected(left, command);
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error)) return mismatch(error.what(), command);
  if (dynamic_cast<const CLI::RequiredError*>(&error) && !command_names(command).empty())
    return usage_error(
        {.problem = full_name(command) + " needs a command", .expected = one_of(command_names(command))});
  return usage_error({.problem = error.what(), .hint = full_name(command) + " --help shows the usage"});
}

}  // namespace nib
