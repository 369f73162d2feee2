// The one file that sees CLI11: each that does costs ten seconds to compile.

#include "cli/command_line.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <deque>
#include <span>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/output.h"
#include "cli/help_page.h"
#include "cli/option_values.h"
#include "cli/options.h"
#include "cli/usage.h"
#include "terminal/terminal.h"

namespace nib {

class CommandNode {
 public:
  CLI::App& app;
  CommandParser& parser;
  std::vector<HelpRow> examples{};
  std::vector<OptionValue> options{};
  std::vector<const CLI::Option*> parsed{};  ///< the same options
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

namespace {

CommandNode* node_of(CommandParser& parser, const CLI::App& app) {
  const auto node = std::ranges::find(parser.nodes, &app, [](const CommandNode& each) { return &each.app; });
  return node == parser.nodes.end() ? nullptr : &*node;
}

int print(const std::string& text) {
  Output output(STDOUT_FILENO);
  output.write(text);
  output.flush();
  output.check();
  return 0;
}

std::vector<const CLI::App*> subcommands(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

const CLI::App* find_command(const CLI::App& app, const std::string& name) {
  const std::vector<const CLI::App*> commands = subcommands(app);
  const auto found = std::ranges::find(commands, name, [](const CLI::App* each) { return each->get_name(); });
  return found == commands.end() ? nullptr : *found;
}

/// The command that the arguments got to: the program itself, or the innermost command.
const CLI::App& chosen_command(const CLI::App& app) {
  const std::vector<CLI::App*> chosen = app.get_subcommands();
  return chosen.empty() ? app : chosen_command(*chosen.back());
}

std::string full_name(const CLI::App& command) {
  return command.get_parent() ? full_name(*command.get_parent()) + " " + command.get_name() : command.get_name();
}

KnownOption known(const CLI::Option& option) {
  KnownOption known{.names = {}, .takes_value = option.get_expected_max() != 0, .allowed = option.get_type_name()};
  if (option.get_positional()) known.names.push_back(option.get_name());
  for (const std::string& name : option.get_lnames()) known.names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) known.names.push_back("-" + name);
  return known;
}

KnownCommand known(const CLI::App& command) {
  KnownCommand known_command{.name = full_name(command), .commands = {}, .options = {}};
  for (const CLI::App* own : subcommands(command)) known_command.commands.push_back(own->get_name());
  for (const CLI::Option* option : command.get_options()) known_command.options.push_back(known(*option));
  return known_command;
}

/// The command that the arguments name, before anything else is read of them.
const CLI::App& named_command(const CLI::App& app, std::span<char*> arguments) {
  if (arguments.empty()) return app;
  const CLI::App* const command = find_command(app, arguments.front());
  return command != nullptr ? named_command(*command, arguments.subspan(1)) : app;
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

int print_help(const CLI::App& command, CommandParser& parser) {
  return print(help_text(help_page(command, parser), describe_terminal(STDOUT_FILENO).columns));
}

Rejection rejection(const CLI::ParseError& error, const CLI::App& app) {
  Rejection rejection{.kind = Rejection::Kind::other, .message = error.what(), .left = app.remaining(true)};
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error)) rejection.kind = Rejection::Kind::number_of_values;
  if (dynamic_cast<const CLI::RequiredError*>(&error)) rejection.kind = Rejection::Kind::something_missing;
  return rejection;
}

/// The values are taken behind the parsing, see settle().
bool nothing(const CLI::results_t&) { return true; }

/// What the help text has for the value of an option, and the usage for an argument.
std::string shown(const OptionText& text, const std::string& repeats) {
  if (text.names.starts_with('-')) return text.value_name;
  const std::string argument = text.names + repeats;
  return text.optional ? '[' + argument + ']' : argument;
}

}  // namespace

Command Command::add_command(const std::string& name, const std::string& description) {
  CLI::App* const command = node_->app.add_subcommand(name, description);
  return Command(node_->parser.nodes.emplace_back(CommandNode{*command, node_->parser}));
}

void Command::require_command() { node_->app.require_subcommand(1); }

void Command::begin_group(const std::string& title) { node_->app.option_defaults()->group(title); }

void Command::add_example(const std::string& line, const std::string& what) { node_->examples.push_back({line, what}); }

void Command::add_option(const OptionText& text, AcceptValues accept) {
  // All values are taken, so that the one who repeats an option hears that and not a count.
  node_->add(text, std::move(accept), *node_->app.add_option(text.names, CLI::callback_t(nothing), text.description))
      .type_name(text.allowed)
      ->option_text(shown(text, ""))
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void Command::add_list(const OptionText& text, AcceptValues accept) {
  node_->add(text, std::move(accept), *node_->app.add_option(text.names, CLI::callback_t(nothing), text.description))
      .option_text(shown(text, " ..."))
      ->expected(1, -1)
      ->allow_extra_args();
}

void Command::add_flag(const std::string& names, const std::string& description, std::function<void(bool)> accept) {
  const OptionText text{.names = names, .value_name = {}, .description = description, .usual = "false"};
  CLI::Option& option = *node_->app.add_flag(names, description);
  const std::string name = "--" + option.get_lnames().front();
  node_->add(
      text,
      [name, accept = std::move(accept)](const std::vector<std::string>& given) {
        if (given.back() != "true" && given.back() != "false")
          throw usage_error({.file = name, .problem = "not true or false", .got = quoted(given.back())});
        accept(given.back() == "true");
      },
      option);
}

void Command::add_settings_options(const std::vector<Recipe>& recipes, bool& print) {
  node_->recipes = recipes;
  add_text(*this, "--config", "FILE", "a settings file (TOML)", node_->settings_file,
           "settings file, weaker than what stands here");
  add_switch(*this, "--print-config", print, "print all settings as such a file, and do no more");
  for (const char* const name : {"config", "print-config"}) node_->find(name)->is_a_setting = false;
}

std::vector<std::string> Command::given() const {
  std::vector<std::string> names;
  for (const OptionValue& option : node_->options)
    if (option.origin >= Origin::file) names.push_back("--" + option.name);
  return names;
}

Origin Command::origin(std::string_view option) const {
  const OptionValue* const found = node_->find(option);
  return found == nullptr ? Origin::usual : found->origin;
}

std::string Command::settings(const std::vector<std::string>& unused) const {
  return settings_text(node_->options, full_name(node_->app), unused);
}

void Command::forget(std::string_view option) {
  OptionValue* const found = node_->find(option);
  if (found == nullptr) return;
  found->origin = Origin::usual;
  found->file.clear();
}

CLI::Option& CommandNode::add(const OptionText& text, AcceptValues accept, CLI::Option& option) {
  const std::vector<std::string>& names = option.get_lnames();
  options.push_back({.name = names.empty() ? option.get_name() : names.front(),
                     .text = text,
                     .accept = std::move(accept),
                     .group = option.get_group(),
                     .is_a_setting = !option.get_positional()});
  parsed.push_back(&option);
  return option;
}

OptionValue* CommandNode::find(std::string_view name) {
  const auto found = std::ranges::find(options, name, &OptionValue::name);
  return found == options.end() ? nullptr : &*found;
}

void Command::set_action(Action action) {
  node_->app.callback([&chosen = node_->parser.chosen, action = std::move(action)] { chosen = action; });
}

CommandLine::CommandLine(const std::string& program, const std::string& description, const std::string& version)
    : parser_(std::make_unique<CommandParser>(description, program)) {
  CLI::App& app = parser_->app;
  app.set_help_flag("-h,--help", "print this help and exit");
  app.set_version_flag("-V,--version", program + " " + version, "print the version and exit");
  app.require_subcommand(0, 1);
  parser_->nodes.emplace_back(CommandNode{app, *parser_});
}

CommandLine::~CommandLine() = default;

Command CommandLine::program() { return Command(parser_->nodes.front()); }

void CommandLine::set_footer(const std::string& text) { parser_->footer = text; }

int CommandLine::run(int argc, char** argv) {
  CLI::App& app = parser_->app;
  // help_about() answers it: the command is there to be listed.
  program()
      .add_command("help", "what a command does, and its options")
      .add_list(
          {.names = "COMMAND", .value_name = {}, .description = "a command, and one of its own", .optional = true},
          [](const std::vector<std::string>&) {});
  const std::span<char*> arguments(argv + 1, static_cast<std::size_t>(std::max(argc, 1) - 1));
  try {
    check_arguments(arguments, known(named_command(app, arguments)));
    if (!arguments.empty() && arguments.front() == std::string_view("help")) return help_about(arguments.subspan(1));
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return print_help(chosen_command(app), *parser_);
  } catch (const CLI::CallForVersion& version) {
    return print(std::string(version.what()) + '\n');
  } catch (const CLI::ParseError& error) {
    throw explain(rejection(error, app), known(chosen_command(app)));
  }
  CommandNode& chosen = *node_of(*parser_, chosen_command(app));
  for (std::size_t i = 0; i < chosen.options.size(); ++i) chosen.options[i].on_line = chosen.parsed[i]->results();
  settle(chosen.options, chosen.recipes, chosen.settings_file, full_name(chosen.app));
  if (!parser_->chosen) return print_help(app, *parser_);
  try {
    return parser_->chosen();
  } catch (const Error& error) {
    throw with_its_place(error, chosen.options);
  }
}

int CommandLine::help_about(std::span<char*> words) {
  const CLI::App* command = &parser_->app;
  for (const std::string word : words) {
    if (word == "-h" || word == "--help") break;
    const CLI::App* const next = find_command(*command, word);
    if (next == nullptr && word.starts_with('-'))
      throw explain({.kind = Rejection::Kind::other, .message = {}, .left = {word}}, known(*command));
    if (next == nullptr) throw no_such_command(word, known(*command));
    command = next;
  }
  return print_help(*command, *parser_);
}

}  // namespace nib
