#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace nib {

/// What the chosen command does once its options are read: returns the exit code or throws Error.
using Action = std::function<int()>;

/// How an option is written and told.
struct OptionText {
  std::string names;       ///< "-e,--epochs"; "WEIGHTS" for an argument without a dash
  std::string value_name;  ///< stands for the value in the help text: "N"
  std::string allowed{};   ///< what the value may be: "a whole number between 1 and 9"
  std::string description{};
  bool optional = false;  ///< an argument that may be left out
};

/// All the values that were given for one option, in their order.
using AcceptValues = std::function<void(const std::vector<std::string>& values)>;

class CommandNode;
class CommandParser;

/// The program, or one of its commands, to which options and further commands are added. Copies stand for the same
/// command, as long as its CommandLine lives. Most options are added through cli/options.h, which checks their values.
class Command {
 public:
  explicit Command(CommandNode& node) : node_(&node) {}

  Command add_command(const std::string& name, const std::string& description);
  /// One of its commands has to be given.
  void require_command();

  /// The heading in the help text of the options that are added from now on.
  void begin_group(const std::string& title);
  /// A line of the help text: what one may type, and what comes of it.
  void add_example(const std::string& line, const std::string& what);

  /// An option or argument that takes one value each time it is given: `accept` gets them all, and so can tell one that
  /// is given twice.
  void add_option(const OptionText& text, AcceptValues accept);
  /// An argument that takes one or more values; `text.allowed` is not used.
  void add_list(const OptionText& text, AcceptValues accept);
  /// An option without a value.
  void add_flag(const std::string& names, const std::string& description, std::function<void()> given);

  /// The long names of its options that were given, for its action.
  std::vector<std::string> given() const;

  /// What is done when this command is the chosen one.
  void set_action(Action action);

 private:
  CommandNode* node_;
};

/// The command line of a program: its commands, their options, the reading of the arguments.
class CommandLine {
 public:
  CommandLine(const std::string& program, const std::string& description, const std::string& version);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  Command program();
  /// A line under the program's own help text.
  void set_footer(const std::string& text);

  /// Does what the arguments ask for: the chosen command's action, or help or version on standard output, where `help
  /// COMMAND` is `COMMAND --help`; returns the exit code. Throws Error: usage for arguments that cannot be read, see
  /// explain(); io when the help is lost; what options and action throw.
  int run(int argc, char** argv);

 private:
  int help_about(std::span<char*> words);

  std::unique_ptr<CommandParser> parser_;
};

}  // namespace nib
