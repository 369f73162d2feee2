#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace nib {

struct KnownOption {
  std::vector<std::string> names;  ///< with their dashes; that of an argument has none
  bool takes_value = true;
  std::string allowed;  ///< what the value may be
};

/// A command as the parser knows it.
struct KnownCommand {
  std::string name;                   ///< with those above it: "nib train"
  std::vector<std::string> commands;  ///< its own
  std::vector<KnownOption> options;
  std::vector<std::pair<std::string, std::string>> refused{};  ///< see Command::add_refused()
};

/// Why the parser did not take the arguments.
struct Rejection {
  enum class Kind { number_of_values, something_missing, other };
  Kind kind;
  std::string message;            ///< the parser's own
  std::vector<std::string> left;  ///< arguments that nothing was found for
};

/// Refuses arguments that the parser would misread: "--epochs=" would take the next argument, "-epochs" is "-e pochs"
/// to it, and an option with a dash of typography an argument without a dash.
void check_arguments(std::span<char*> arguments, const KnownCommand& command);

/// What is wrong, in this program's words: Error (usage) with the option or command, what is allowed, and the right or
/// the nearest name for one that does not exist. `command` is the innermost one that the arguments got to.
Error explain(const Rejection& rejection, const KnownCommand& command);

/// A word that is no command of `command`.
Error no_such_command(const std::string& word, const KnownCommand& command);

}  // namespace nib
