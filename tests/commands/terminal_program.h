#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace nib {

/// What a run of the program writes to a terminal of so many columns, both streams together, as lines that end with
/// "\n". nullopt where the system gives out no pseudo-terminal.
struct TerminalEnding {
  int code = 0;
  std::string text;
};
std::optional<TerminalEnding> nib_on_terminal(const std::vector<std::string>& arguments,
                                              const std::filesystem::path& folder, unsigned short columns);

}  // namespace nib
