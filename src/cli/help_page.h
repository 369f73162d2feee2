#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace nib {

/// One line of a help page: "-e, --epochs N" and what it does.
struct HelpRow {
  std::string name, description;
};

struct HelpSection {
  std::string title;
  std::vector<HelpRow> rows;
};

/// What `--help` tells of the program or of a command.
struct HelpPage {
  std::string usage;        ///< "nib train [OPTIONS]"
  std::string description;  ///< a sentence or two
  std::vector<HelpSection> sections;
  std::string footer{};  ///< lines as they are; empty for none
};

/// The page for so many columns, never wider than 100: descriptions beside the names where there is room for them, else
/// below. Ends with a newline.
std::string help_text(const HelpPage& page, std::size_t columns);

}  // namespace nib
