#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "nib/error.h"

namespace nib {

/// An option of a command with the value that it has, and where that comes from.
struct OptionValue {
  std::string name{};  ///< its long name without dashes; "WEIGHTS" of an argument
  OptionText text{};
  AcceptValues accept{};
  std::string group{};                 ///< the heading in the help text
  bool is_a_setting = true;            ///< whether it may stand in a settings file
  std::vector<std::string> on_line{};  ///< the values on the command line
  Origin origin = Origin::usual;
  std::string value{};          ///< as given
  std::string file{}, field{};  ///< where it was given, but for the command line: "my.toml", "line 3, epochs"
};

/// Gives the options of `command` their values, the weakest first: those of the recipe that --recipe names, those of
/// the settings file that the option --config has put into `file`, those of the command line. Throws Error: that of an
/// option's `accept`, with its place; usage for a setting of the file that no option has, with the nearest one; see
/// read_settings_file().
void settle(std::span<OptionValue> options, std::span<const Recipe> recipes, const std::string& file,
            const std::string& command);

/// All options that may stand there as a settings file of `command`: what each means, and its value, as a comment where
/// it has none or the machine's own, or is one of the `unused`.
std::string settings_text(std::span<const OptionValue> options, const std::string& command,
                          std::span<const std::string> unused);

/// The error with the place of the setting that it names, where that was not given on the command line.
Error with_its_place(const Error& error, std::span<const OptionValue> options);

}  // namespace nib
