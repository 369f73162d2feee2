#include "cli/completion.h"

#include <functional>
#include <string>
#include <vector>

namespace nib {
namespace {

using Visit = std::function<void(const CommandTree&)>;

/// The command itself, then those below it.
void for_each_command(const CommandTree& command, const Visit& visit) {
  visit(command);
  for (const CommandTree& each : command.commands) for_each_command(each, visit);
}

std::string joined(const std::vector<std::string>& words, const std::string& between = " ") {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

std::string escaped(const std::string& text, std::string_view special, std::string_view before) {
  std::string result;
  for (const char letter : text) {
    if (special.find(letter) != std::string_view::npos) result += before;
    result += letter;
  }
  return result;
}

/// A text in the single quotes of bash and zsh.
std::string in_quotes(const std::string& text) {
  std::string result = "'";
  for (const char letter : text) result += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return result + '\'';
}

std::vector<std::string> command_names(const CommandTree& command) {
  std::vector<std::string> names;
  for (const CommandTree& each : command.commands) names.push_back(each.words.back());
  return names;
}

/// "nib train" | "nib data" ...: all commands but the program, each in the quotes given.
std::string all_commands(const CommandTree& program, const std::string& between) {
  std::vector<std::string> names;
  for_each_command(program, [&](const CommandTree& command) {
    if (command.words.size() > 1) names.push_back('\'' + command.name(" ") + '\'');
  });
  return joined(names, between);
}

/// What bash offers: words and, with `paths`, files.
std::string bash_offer(const std::vector<std::string>& words, bool paths) {
  return "words=" + in_quotes(joined(words)) + (paths ? " files=1" : "");
}

std::string fish_text(const std::string& text) { return '\'' + escaped(text, "\\'", "\\") + '\''; }

std::string fish_line(const CommandTree& command, const std::string& rest) {
  return "complete -c nib -n " + fish_text("__nib_is " + command.name(" ")) + rest + '\n';
}

std::string fish_option(const ShellOption& option) {
  std::string text;
  for (const std::string& name : option.names)
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (option.takes_value()) text += option.takes_path() ? " -r -F" : " -x";
  if (const std::vector<std::string> words = option.choices(); !words.empty())
    text += " -a " + fish_text(joined(words));
  return text + " -d " + fish_text(option.description);
}

/// What zsh is to offer for a value: "(idx npz)", or files.
std::string zsh_action(const ShellOption& option) {
  const std::string words = joined(option.choices());
  if (option.takes_path()) return words.empty() ? "_files" : " _nib_files_or " + words;
  return words.empty() ? " " : '(' + words + ')';
}

/// The text of one specification of _arguments.
std::string zsh_specification(const ShellOption& option, const std::string& name) {
  const std::string value = ':' + escaped(option.value_name, ":\\", "\\") + ':' + zsh_action(option);
  if (option.is_argument()) return in_quotes('*' + value);
  const std::string others = option.names.size() > 1 ? '(' + joined(option.names) + ')' : std::string();
  return in_quotes(others + name + (name.starts_with("--") && option.takes_value() ? "=" : "") + '[' +
                   escaped(option.description, "[]:\\", "\\") + ']' + (option.takes_value() ? value : std::string()));
}

std::string zsh_function(const CommandTree& command) {
  std::string text = '_' + command.name("_") + "() {\n";
  std::string specifications;
  for (const ShellOption& option : command.options) {
    if (option.is_argument()) specifications += " \\\n    " + zsh_specification(option, "");
    for (const std::string& name : option.names) specifications += " \\\n    " + zsh_specification(option, name);
  }
  if (command.commands.empty()) return text + "  _arguments -s" + specifications + "\n}\n";
  text += "  local -a commands=(\n";
  for (const CommandTree& each : command.commands)
    text += "    " + in_quotes(escaped(each.words.back(), ":", "\\") + ':' + each.description) + '\n';
  text += "  )\n  _arguments -s -C" + specifications + " \\\n    '1:command:->command' '*::argument:->arguments'\n";
  text +=
      "  case $state in\n    command) _describe -t commands command commands ;;\n    arguments)\n      case $words[1] "
      "in\n";
  for (const CommandTree& each : command.commands)
    text += "        " + each.words.back() + ") _" + each.name("_") + " ;;\n";
  return text + "      esac ;;\n  esac\n}\n";
}

}  // namespace

std::string bash_completion(const CommandTree& program) {
  std::string text =
      "# Completion of nib's commands, options and values for bash.\n"
      "_nib() {\n"
      "  local current=\"${COMP_WORDS[COMP_CWORD]}\" previous=\"${COMP_WORDS[COMP_CWORD-1]}\" command=nib word words= "
      "files=\n"
      "  # --name=value comes in three words.\n"
      "  if [[ $current == = ]]; then current=; elif [[ $previous == = ]]; then "
      "previous=\"${COMP_WORDS[COMP_CWORD-2]}\"; fi\n"
      "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
      "    case \"$command $word\" in\n"
      "      " +
      all_commands(program, "|") +
      ") command=\"$command $word\" ;;\n"
      "    esac\n"
      "  done\n"
      "  case \"$command $previous\" in\n";
  for_each_command(program, [&](const CommandTree& command) {
    for (const ShellOption& option : command.options) {
      if (option.is_argument() || !option.takes_value()) continue;
      std::vector<std::string> patterns;
      for (const std::string& name : option.names) patterns.push_back('\'' + command.name(" ") + ' ' + name + '\'');
      text += "    " + joined(patterns, "|") + ") " + bash_offer(option.choices(), option.takes_path()) + " ;;\n";
    }
  });
  text += "    *) case \"$command\" in\n";
  for_each_command(program, [&](const CommandTree& command) {
    std::vector<std::string> words = command_names(command);
    bool paths = false;
    for (const ShellOption& option : command.options) {
      const std::vector<std::string> more = option.is_argument() ? option.choices() : option.names;
      words.insert(words.end(), more.begin(), more.end());
      paths = paths || (option.is_argument() && option.takes_path());
    }
    text += "      '" + command.name(" ") + "') " + bash_offer(words, paths) + " ;;\n";
  });
  return text +
         "    esac ;;\n"
         "  esac\n"
         "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\"; [[ $files && $current != -* ]] && compgen "
         "-f -- \"$current\")\n"
         "  if [[ $files ]]; then compopt -o filenames 2>/dev/null; fi\n"
         "}\n"
         "complete -F _nib nib\n";
}

std::string zsh_completion(const CommandTree& program) {
  std::string text =
      "#compdef nib\n"
      "# Completion of nib's commands, options and values for zsh.\n"
      "_nib_files_or() {\n  local -a values=(\"$@\")\n  compadd -a values\n  _files\n}\n";
  for_each_command(program, [&](const CommandTree& command) { text += zsh_function(command); });
  return text + "if [[ $funcstack[1] == _nib ]]; then _nib \"$@\"; else compdef _nib nib; fi\n";
}

std::string fish_completion(const CommandTree& program) {
  std::string text =
      "# Completion of nib's commands, options and values for fish.\n"
      "function __nib_is\n"
      "    set -l command nib\n"
      "    set -l words (commandline -opc)\n"
      "    for word in $words[2..-1]\n"
      "        switch \"$command $word\"\n"
      "            case " +
      all_commands(program, " ") +
      "\n"
      "                set command \"$command $word\"\n"
      "        end\n"
      "    end\n"
      "    test \"$command\" = \"$argv\"\n"
      "end\n"
      "complete -c nib -f\n";
  for_each_command(program, [&](const CommandTree& command) {
    for (const CommandTree& each : command.commands)
      text += fish_line(command, " -a " + each.words.back() + " -d " + fish_text(each.description));
    for (const ShellOption& option : command.options) {
      if (!option.is_argument()) text += fish_line(command, fish_option(option));
      if (option.is_argument() && option.takes_path()) text += fish_line(command, " -F");
      const std::vector<std::string> words = option.choices();
      if (option.is_argument() && !words.empty()) text += fish_line(command, " -a " + fish_text(joined(words)));
    }
  });
  return text;
}

}  // namespace nib
