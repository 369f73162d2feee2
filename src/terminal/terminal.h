#pragma once

namespace nib {

/// What the stream a text goes to can show. Everything in this room takes one and returns text; nothing here writes.
struct Terminal {
  bool interactive = false;   ///< a terminal whose lines can be redrawn: TERM is not "dumb"
  bool colour = false;        ///< an interactive terminal without NO_COLOR; 256 colours are taken for granted
  bool utf8 = false;          ///< by LC_ALL, LC_CTYPE or LANG, else yes; without it blocks and boxes become ASCII
  unsigned columns = 80;      ///< COLUMNS where that is set, else of the terminal; 80 in a pipe
  bool breaks_lines = false;  ///< any terminal: it breaks what does not fit within words. In a pipe a line is a line
};

/// Looks at the file descriptor and the environment.
Terminal describe_terminal(int file_descriptor);

}  // namespace nib
