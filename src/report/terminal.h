#pragma once

namespace nib {

/// What the stream a text goes to can show. Everything in this room takes one and returns text; nothing here writes.
struct Terminal {
  bool interactive = false;  ///< a terminal, where lines can be redrawn
  bool colour = false;       ///< a terminal, no NO_COLOR, TERM not "dumb"
  bool utf8 = false;         ///< by LC_ALL, LC_CTYPE or LANG; half blocks and box lines else fall back to ASCII
  unsigned columns = 80;     ///< of the terminal; COLUMNS where that is set; 80 in a pipe
};

/// Looks at the file descriptor and the environment.
Terminal describe_terminal(int file_descriptor);

}  // namespace nib
