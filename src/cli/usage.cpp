#include "cli/usage.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "cli/options.h"
#include "cli/synonyms.h"

namespace nib {
namespace {

const KnownOption* find_option(const KnownCommand& command, const std::string& name) {
  const auto bears_name = [&](const KnownOption& option) {
    return std::ranges::find(option.names, name) != option.names.end();
  };
  const auto found = std::ranges::find_if(command.options, bears_name);
  return found == command.options.end() ? nullptr : &*found;
}

std::vector<std::string> long_names(const KnownCommand& command) {
  std::vector<std::string> names;
  for (const KnownOption& option : command.options)
    for (const std::string& name : option.names)
      if (name.starts_with("--")) names.push_back(name);
  return names;
}

std::string did_you_mean(const std::optional<std::string>& name) {
  return name ? "did you mean " + *name + "?" : std::string();
}

std::string it_is(const std::string& name) { return "it is " + name; }

Error unknown_option(const std::string& argument, const KnownCommand& command) {
  const std::string name = argument.substr(0, argument.find('='));
  if (find_option(command, name) != nullptr)
    return usage_error({.file = name,
                        .problem = "option in the wrong place",
                        .hint = "write it right behind the command: " + command.name + " " + name});
  const auto refused = std::ranges::find(command.refused, name, [](const auto& each) { return each.first; });
  if (refused != command.refused.end())
    return usage_error({.file = name, .problem = "is no option of " + command.name, .hint = refused->second});
  const std::optional<std::string> real = real_option(name, command);
  const std::optional<std::string> near = nearest(name, long_names(command));
  return usage_error({.problem = "unknown option " + quoted(name) + " of " + command.name,
                      .hint = real   ? it_is(*real)
                              : near ? did_you_mean(near)
                                     : command.name + " --help lists the options"});
}

/// "a, b or c".
std::string one_of(const std::vector<std::string>& names) {
  std::string text = join_words(names);
  if (const std::size_t last = text.rfind(" and "); last != std::string::npos) text.replace(last, 5, " or ");
  return text;
}

/// The first argument that nothing was found for.
Error not_expected(const std::vector<std::string>& left, const KnownCommand& command) {
  const auto is_option = [](const std::string& text) { return text.size() > 1 && text.front() == '-' && text != "--"; };
  const auto option = std::ranges::find_if(left, is_option);
  if (option != left.end()) return unknown_option(*option, command);
  const auto word = std::ranges::find_if(left, [](const std::string& text) { return text != "--"; });
  const std::string text = word == left.end() ? "--" : *word;
  if (!command.commands.empty()) return no_such_command(text, command);
  const std::optional<std::string> real = option_of_value(text, command);
  return usage_error({.problem = command.name + " takes no argument " + quoted(text),
                      .hint = real ? it_is(*real) : command.name + " --help shows the usage"});
}

/// These messages begin with the name of the option: "--epochs: 1 required ...", "quiet was given ...".
Error mismatch(const std::string& message, const KnownCommand& command) {
  std::string name = message.substr(0, message.find_first_of(": "));
  if (!name.starts_with('-')) name = "--" + name;
  const KnownOption* const option = find_option(command, name);
  if (option == nullptr) return usage_error({.problem = message});
  if (!option->takes_value) return usage_error({.file = name, .problem = "takes no value"});
  return usage_error({.file = name, .problem = "needs a value", .expected = option->allowed});
}

}  // namespace

Error no_such_command(const std::string& word, const KnownCommand& command) {
  const std::optional<std::string> real = real_command(word, command.commands);
  return usage_error({.problem = command.name + " has no command " + quoted(word),
                      .expected = one_of(command.commands),
                      .hint = real ? it_is(*real) : did_you_mean(nearest(word, command.commands))});
}

void check_arguments(std::span<char*> arguments, const KnownCommand& command) {
  for (const std::string_view argument : arguments) {
    if (argument == "--") return;
    const std::string name(argument.substr(0, argument.find('=')));
    const bool one_dash = name.size() > 2 && name[0] == '-' && name[1] != '-';
    const std::string plain = with_plain_dashes(name);
    const bool typographic = plain != name && plain.starts_with('-');
    if ((one_dash || typographic) && real_option(name, command)) throw unknown_option(name, command);
    if (argument.size() > 3 && argument.starts_with("--") && argument.find('=') == argument.size() - 1)
      throw usage_error({.file = std::string(argument.substr(0, argument.size() - 1)), .problem = "empty value"});
  }
}

Error explain(const Rejection& rejection, const KnownCommand& command) {
  if (!rejection.left.empty()) return not_expected(rejection.left, command);
  if (rejection.kind == Rejection::Kind::number_of_values) return mismatch(rejection.message, command);
  if (rejection.kind == Rejection::Kind::something_missing && !command.commands.empty())
    return usage_error({.problem = command.name + " needs a command", .expected = one_of(command.commands)});
  return usage_error({.problem = rejection.message, .hint = command.name + " --help shows the usage"});
}

}  // namespace nib
