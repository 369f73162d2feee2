#pragma once

#include <string>
#include <vector>

#include "cli/help_page.h"

namespace nib {

/// A word that stands for itself behind an option, or for what is to be put there.
struct ShellOption {
  std::vector<std::string> names;  ///< with their dashes; of an argument none
  std::string value_name;          ///< "N", "mnist|fashion|PATH"; empty for an option without a value
  std::string description;

  bool is_argument() const { return names.empty(); }
  bool takes_value() const { return !value_name.empty(); }
  /// The words of `value_name` that are written as they stand: "mnist" and "fashion".
  std::vector<std::string> choices() const;
  /// A file or folder may stand there.
  bool takes_path() const;
};

/// A command with all that can be written behind it: what manuals and completion are made of.
struct CommandTree {
  std::vector<std::string> words;  ///< "nib", "data", "fetch"
  std::string description;
  HelpPage page;
  std::vector<ShellOption> options;  ///< and arguments
  std::vector<CommandTree> commands;

  /// The words with `between` between them: "nib-data-fetch".
  std::string name(const std::string& between) const;
};

}  // namespace nib
