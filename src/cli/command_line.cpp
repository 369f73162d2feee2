// The one file that sees CLI11: each that does costs ten seconds to compile.

#include "cli/command_line.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <deque>
#include <span>
#include <utility>

#include "base/error.h"
#include "base/output.h"
#include "cli/usage.h"

namespace nib {

class CommandNode {
 public:
  CLI::App& app;
  CommandParser& parser;
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

int print(const std::string& text) {
  Output output(STDOUT_FILENO);
  output.write(text);
  output.flush();
  output.check();
  return 0;
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
  for (const std::string& name : option.get_lnames()) known.names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) known.names.push_back("-" + name);
  return known;
}

KnownCommand known(const CLI::App& command) {
  KnownCommand known_command{.name = full_name(command), .commands = {}, .options = {}};
  for (const CLI::App* own : command.get_subcommands([](const CLI::App*) { return true; }))
    known_command.commands.push_back(own->get_name());
  for (const CLI::Option* option : command.get_options()) known_command.options.push_back(known(*option));
  return known_command;
}

Rejection rejection(const CLI::ParseError& error, const CLI::App& app) {
  Rejection rejection{.kind = Rejection::Kind::other, .message = error.what(), .left = app.remaining(true)};
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error)) rejection.kind = Rejection::Kind::number_of_values;
  if (dynamic_cast<const CLI::RequiredError*>(&error)) rejection.kind = Rejection::Kind::something_missing;
  return rejection;
}

}  // namespace

Command Command::add_command(const std::string& name, const std::string& description) {
  CLI::App* const command = node_->app.add_subcommand(name, description);
  return Command(node_->parser.nodes.emplace_back(CommandNode{*command, node_->parser}));
}

void Command::require_command() { node_->app.require_subcommand(1); }

void Command::add_option(const OptionText& text, AcceptValues accept) {
  const auto receive = [accept = std::move(accept)](const CLI::results_t& given) {
    accept(given);
    return true;
  };
  // All values are taken, so that the one who repeats an option hears that and not a count.
  node_->app.add_option(text.names, CLI::callback_t(receive), text.description)
      ->type_name(text.allowed)
      ->option_text(text.value_name)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void Command::add_list(const OptionText& text, AcceptValues accept) {
  const auto receive = [accept = std::move(accept)](const CLI::results_t& given) {
    accept(given);
    return true;
  };
  node_->app.add_option(text.names, CLI::callback_t(receive), text.description)
      ->option_text(text.value_name)
      ->expected(1, -1)
      ->allow_extra_args();
}

void Command::add_flag(const std::string& names, const std::string& description, std::function<void()> given) {
  node_->app.add_flag_callback(names, std::move(given), description)->disable_flag_override();
}

void Command::set_action(Action action) {
  node_->app.callback([&chosen = node_->parser.chosen, action = std::move(action)] { chosen = action; });
}

CommandLine::CommandLine(const std::string& program, const std::string& description, const std::string& version)
    : parser_(std::make_unique<CommandParser>(description, program)) {
  CLI::App& app = parser_->app;
  app.get_formatter()->label("SUBCOMMAND", "COMMAND");
  app.get_formatter()->column_width(32);
  app.set_help_flag("-h,--help", "print this help and exit");
  app.set_version_flag("--version", program + " " + version, "print the version and exit");
  app.require_subcommand(0, 1);
  parser_->nodes.emplace_back(CommandNode{app, *parser_});
}

CommandLine::~CommandLine() = default;

Command CommandLine::program() { return Command(parser_->nodes.front()); }

void CommandLine::set_footer(const std::string& text) { parser_->footer = text; }

int CommandLine::run(int argc, char** argv) {
  CLI::App& app = parser_->app;
  // A command takes over what the one above it has when it is added: these two are the program's alone.
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) command->group("Commands");
  app.footer(parser_->footer);
  try {
    check_arguments(std::span(argv, static_cast<std::size_t>(argc)));
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return print(app.help());
  } catch (const CLI::CallForVersion& version) {
    return print(std::string(version.what()) + '\n');
  } catch (const CLI::ParseError& error) {
    throw explain(rejection(error, app), known(chosen_command(app)));
  }
  return parser_->chosen ? parser_->chosen() : print(app.help());
}

}  // namespace nib
