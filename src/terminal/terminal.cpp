#include "terminal/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <string>

#include "base/text.h"

namespace nib {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing in this program changes it
  return value ? value : "";
}

/// The first of these that is set and not empty decides, as setlocale() has it; "C" asks for ASCII. Where none is set,
/// as in most containers, nobody said that the terminal cannot show UTF-8, and today's can.
bool locale_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string value = environment(name);
    if (value.empty()) continue;
    std::transform(value.begin(), value.end(), value.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    return value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
  }
  return true;
}

unsigned width_of(int file_descriptor) {
  constexpr std::uint64_t widest = 10000;
  if (const auto columns = parse_unsigned(environment("COLUMNS")); columns && *columns > 0)
    return static_cast<unsigned>(std::min(*columns, widest));
  winsize size{};
  if (isatty(file_descriptor) && ioctl(file_descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

}  // namespace

Terminal describe_terminal(int file_descriptor) {
  const std::string kind = environment("TERM");
  const bool terminal = isatty(file_descriptor) == 1;
  const bool interactive = terminal && !kind.empty() && kind != "dumb";
  return {.interactive = interactive,
          .colour = interactive && environment("NO_COLOR").empty(),
          .utf8 = locale_is_utf8(),
          .columns = width_of(file_descriptor),
          .breaks_lines = terminal};
}

}  // namespace nib
