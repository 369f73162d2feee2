#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
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
  bool optional = false;       ///< an argument that may be left out
  std::string usual{};         ///< the value where it is not given, as one would write it; empty for none
  bool is_of_machine = false;  ///< whether `usual` is another one on other machines
};

/// All the values that were given for one option, in their order.
using AcceptValues = std::function<void(const std::vector<std::string>& values)>;

/// Where the value of an option comes from, the weakest first.
enum class Origin { usual, recipe, file, line };

/// A named set of values for a command's options, by their long names without dashes. They are in the place of the
/// usual values: a settings file and the command line go over them.
struct Recipe {
  std::string name;
  std::vector<std::pair<std::string, std::string>> values;
};

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
  /// An option without a value: `accept` gets true. `--name=false` gives false, against a settings file that says true.
  void add_flag(const std::string& names, const std::string& description, std::function<void(bool)> accept);

  /// Adds the settings of another command, under their names and headings, as options that may be given often: `accept`
  /// gets what was given, and `check`, which throws what the other command has against a value. Those named in `but`,
  /// without dashes, are left out.
  using AcceptSetting = std::function<void(const OptionText& text, const std::vector<std::string>& given,
                                           const std::function<void(const std::string& value)>& check)>;
  void add_settings_of(const Command& other, const std::vector<std::string>& but, const AcceptSetting& accept);
  /// An option that is none of this command's, with what to do instead: for who gives it all the same.
  void add_refused(const std::string& name, const std::string& hint);

  /// Adds --config FILE, and a flag `--print-config`; the command's other options may stand in the file, see
  /// read_settings_file(). The option --recipe, where there is one, names one of `recipes`.
  void add_settings_options(const std::vector<Recipe>& recipes, bool& print);

  /// For its action: the long names, with dashes, of its options that the command line or a settings file gave, where
  /// one's value comes from, and all of them as a settings file, see settings_text().
  /// `option`: without dashes.
  std::vector<std::string> given() const;
  Origin origin(std::string_view option) const;
  /// `unused` ones, without dashes, as comments.
  std::string settings(const std::vector<std::string>& unused) const;
  /// An option counts as not given: what excludes it is stronger. Its value is the caller's matter.
  void forget(std::string_view option);

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
  void add_help_command();
  void add_completion_command();
  int help_about(std::span<char*> words);

  std::unique_ptr<CommandParser> parser_;
  std::string version_;
};

}  // namespace nib
