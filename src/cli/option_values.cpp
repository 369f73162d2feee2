#include "cli/option_values.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "cli/flags.h"
#include "cli/options.h"
#include "cli/settings_file.h"
#include "cli/synonyms.h"

namespace nib {
namespace {

OptionValue* find_setting(std::span<OptionValue> options, const std::string& name) {
  const auto found = std::ranges::find(options, name, &OptionValue::name);
  return found != options.end() && found->is_a_setting ? &*found : nullptr;
}

/// What an unknown name was meant to be: another way of spelling, the word of another program, or the nearest.
std::string hint_for(const std::string& name, std::span<const OptionValue> options, const std::string& command) {
  if (std::ranges::find(options, name, &OptionValue::name) != options.end()) return "it is for the command line alone";
  KnownCommand known{.name = command, .commands = {}, .options = {}};
  std::vector<std::string> names;
  for (const OptionValue& option : options) {
    if (!option.is_a_setting) continue;
    known.options.push_back({.names = {"--" + option.name}, .allowed = {}});
    names.push_back(option.name);
  }
  if (const std::optional<std::string> real = real_option("--" + name, known)) return "it is " + real->substr(2);
  if (const std::optional<std::string> near = nearest(name, names)) return "did you mean " + *near + "?";
  return command + " --print-config lists all settings";
}

/// A place of its own before what an error is about.
Problem placed(Problem problem, const std::string& file, const std::string& field) {
  for (const std::string& part : {problem.file, problem.value})
    if (!part.empty()) problem.problem = printable(part) + ": " + problem.problem;
  problem.setting.clear();
  problem.value.clear();
  problem.file = file;
  problem.field = field;
  return problem;
}

void accept(OptionValue& option, const std::string& value, Origin origin, const std::string& file,
            const std::string& field) {
  try {
    option.accept({value});
  } catch (const Error& error) {
    Problem problem = error.problem();
    if (problem.file == "--" + option.name) problem.file.clear();
    throw Error(error.code(), placed(std::move(problem), file, field));
  }
  option.origin = origin;
  option.value = value;
  option.file = file;
  option.field = field;
}

/// What stands for a value where there is none: "N", or a text in quotes.
std::string stand_in(const std::string& value_name) {
  return value_name.size() > 1 ? '"' + value_name + '"' : value_name;
}

void accept_line(OptionValue& option) {
  if (option.on_line.empty()) return;
  option.accept(option.on_line);
  option.origin = Origin::line;
  option.value = option.on_line.back();
  option.file.clear();
}

/// That of the command line, or else of the file; one that does not exist is refused where it was given.
const Recipe* chosen_recipe(std::span<OptionValue> options, std::span<const Recipe> recipes,
                            std::span<const FileSetting> settings) {
  const OptionValue* const option = find_setting(options, "recipe");
  if (option == nullptr) return nullptr;
  const auto in_file = std::ranges::find(settings, option->name, &FileSetting::name);
  const std::string name = !option->on_line.empty()    ? option->on_line.back()
                           : in_file != settings.end() ? in_file->value
                                                       : option->text.usual;
  const auto recipe = std::ranges::find(recipes, name, &Recipe::name);
  return recipe == recipes.end() ? nullptr : &*recipe;
}

}  // namespace

void settle(std::span<OptionValue> options, std::span<const Recipe> recipes, const std::string& file,
            const std::string& command) {
  for (OptionValue& option : options)
    if (!option.is_a_setting) accept_line(option);
  std::vector<FileSetting> settings;
  if (!file.empty()) settings = read_settings_file(file, command.substr(command.rfind(' ') + 1));
  if (const Recipe* const recipe = chosen_recipe(options, recipes, settings))
    for (const auto& [name, value] : recipe->values)
      accept(*find_setting(options, name), value, Origin::recipe, "--recipe " + recipe->name, name);
  for (const FileSetting& setting : settings) {
    OptionValue* const option = find_setting(options, setting.name);
    if (option == nullptr)
      throw usage_error({.file = file,
                         .field = fmt::format("line {}", setting.line),
                         .problem = fmt::format("{} has no setting {}", command, quoted(setting.name)),
                         .hint = hint_for(setting.name, options, command)});
    accept(*option, setting.value, Origin::file, file, fmt::format("line {}, {}", setting.line, setting.name));
  }
  for (OptionValue& option : options)
    if (option.is_a_setting) accept_line(option);
}

std::string settings_text(std::span<const OptionValue> options, const std::string& command,
                          std::span<const std::string> unused) {
  std::string text = fmt::format(
      "# Settings of {0}, for {0} --config FILE; the command line goes over them.\n"
      "# Those behind a # have no value, that of the machine, or nothing to do beside the others.\n"
      "# Paths are told from the folder in which the command is given.\n",
      command);
  std::string group;
  for (const OptionValue& option : options) {
    if (!option.is_a_setting) continue;
    if (option.group != group) text += fmt::format("\n## {}\n", group = option.group);
    text += "\n# " + option.text.description + '\n';
    const bool given = option.origin != Origin::usual;
    const std::string& value = given ? option.value : option.text.usual;
    const bool is_unused = std::ranges::find(unused, option.name) != unused.end();
    const bool counts = !is_unused && (given || !(value.empty() || option.text.is_of_machine));
    const std::string& words = option.text.value_name;
    if (!value.empty() && words.find('|') != std::string::npos) text += "# " + words + '\n';
    text += fmt::format("{}{} = {}\n", counts ? "" : "#", option.name,
                        value.empty() ? stand_in(words) : settings_file_value(option.name, value));
  }
  return text;
}

Error with_its_place(const Error& error, std::span<const OptionValue> options) {
  const std::string& setting = error.problem().setting;
  if (setting.empty()) return error;
  const auto option =
      std::ranges::find(options, flag_of(setting), [](const OptionValue& each) { return "--" + each.name; });
  if (option == options.end() || option->file.empty()) return error;
  return Error(error.code(), placed(error.problem(), option->file, option->field));
}

}  // namespace nib
