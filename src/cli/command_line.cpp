#include "cli/command_line.h"

#include <unistd.h>

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/output.h"
#include "cli/command_parser.h"
#include "cli/completion.h"
#include "cli/described_command.h"
#include "cli/manual.h"
#include "cli/options.h"
#include "cli/usage.h"
#include "terminal/terminal.h"

namespace nib {

namespace {

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

/// The command that the arguments name, before anything else is read of them.
const CLI::App& named_command(const CLI::App& app, std::span<char*> arguments) {
  if (arguments.empty()) return app;
  const CLI::App* const command = find_command(app, arguments.front());
  return command != nullptr ? named_command(*command, arguments.subspan(1)) : app;
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

/// `nib help`, alone or with commands behind it. With an option it is a command as any other.
bool asks_for_help(std::span<char*> arguments) {
  if (arguments.empty() || arguments.front() != std::string_view("help")) return false;
  return arguments.size() == 1 || !std::string_view(arguments[1]).starts_with("--man");
}

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

void Command::add_settings_of(const Command& other, const std::vector<std::string>& but, const AcceptSetting& accept) {
  for (std::size_t i = 0; i < other.node_->options.size(); ++i) {
    const OptionValue& option = other.node_->options[i];
    if (!option.is_a_setting || std::ranges::find(but, option.name) != but.end()) continue;
    const auto take = [accept, option](const std::vector<std::string>& given) {
      accept(option.text, given, [&](const std::string& value) { option.accept({value}); });
    };
    begin_group(option.group);
    if (other.node_->parsed[i]->get_expected_max() > 0)
      add_option(option.text, take);
    else
      node_->add(option.text, take, *node_->app.add_flag(option.text.names, option.text.description));
  }
}

void Command::add_refused(const std::string& name, const std::string& hint) { node_->refused.emplace_back(name, hint); }

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
    : parser_(std::make_unique<CommandParser>(description, program)), version_(version) {
  CLI::App& app = parser_->app;
  app.set_help_flag("-h,--help", "print this help and exit");
  app.set_version_flag("-V,--version", program + " " + version, "print the version and exit");
  app.require_subcommand(0, 1);
  parser_->nodes.emplace_back(CommandNode{app, *parser_});
}

CommandLine::~CommandLine() = default;

Command CommandLine::program() { return Command(parser_->nodes.front()); }

void CommandLine::set_footer(const std::string& text) { parser_->footer = text; }

void CommandLine::add_help_command() {
  Command help = program().add_command("help", "what a command does, and its options");
  // help_about() answers where words stand there: they are here to be listed.
  help.add_list(
      {.names = "COMMAND", .value_name = {}, .description = "a command, and one of its own", .optional = true},
      [](const std::vector<std::string>&) {});
  help.add_option({.names = "--man",
                   .value_name = "DIR",
                   .allowed = "a folder",
                   .description = "write the manual pages of all commands into it, for man"},
                  [this](const std::vector<std::string>& folders) {
                    parser_->chosen = [this, folders] {
                      write_manual(folders.back(), command_tree(parser_->app, *parser_), version_);
                      return 0;
                    };
                  });
}

void CommandLine::add_completion_command() {
  Command completion =
      program().add_command("completion", "a script with which a shell completes commands, options and files");
  completion.add_example("source <(nib completion bash)", "in this shell, or as a line of ~/.bashrc or ~/.zshrc");
  const auto shell = std::make_shared<std::string>();
  add_word(completion, "SHELL", {"bash", "zsh", "fish"}, *shell, "the shell");
  completion.set_action([this, shell] {
    const CommandTree tree = command_tree(parser_->app, *parser_);
    if (*shell == "bash") return print(bash_completion(tree));
    if (*shell == "zsh") return print(zsh_completion(tree));
    require_argument("SHELL", *shell);
    return print(fish_completion(tree));
  });
}

int CommandLine::run(int argc, char** argv) {
  CLI::App& app = parser_->app;
  add_help_command();
  add_completion_command();
  const std::span<char*> arguments(argv + 1, static_cast<std::size_t>(std::max(argc, 1) - 1));
  try {
    check_arguments(arguments, known(named_command(app, arguments)));
    if (asks_for_help(arguments)) return help_about(arguments.subspan(1));
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return print_help(chosen_command(app), *parser_);
  } catch (const CLI::CallForVersion& version) {
    return print(std::string(version.what()) + '\n');
  } catch (const CLI::ParseError& error) {
    const CLI::App& command = chosen_command(app);
    throw explain(rejection(error, app), known(command, node_of(*parser_, command)));
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
