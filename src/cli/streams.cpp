#include "cli/streams.h"

#include <unistd.h>

#include "cli/flags.h"
#include "encodings/json.h"
#include "terminal/text_layout.h"

namespace nib {

Streams::Streams(bool json, bool quiet, bool silent)
    : json_(json),
      quiet_(quiet),
      silent_(silent),
      standard_output_(STDOUT_FILENO),
      standard_error_(STDERR_FILENO),
      terminal_(describe_terminal(json ? STDERR_FILENO : STDOUT_FILENO)) {}

void Streams::say(std::string_view text) {
  if (!quiet_) write_text(text);
}

void Streams::result(std::string_view text) { write_text(text); }

void Streams::document(const Json& document) {
  if (!json_ || silent_) return;
  standard_output_.write(json_text(document));
  standard_output_.flush();
}

void Streams::table(std::string_view text) {
  if (silent_) return;
  standard_output_.write(text);
  standard_output_.flush();
}

void Streams::warn(std::string_view line) { notice("warning: " + std::string(line)); }

void Streams::notice(std::string_view line) {
  if (silent_) return;
  standard_error_.write(message_text(with_flags(line)));
  standard_error_.flush();
}

void Streams::finish() {
  standard_output_.flush();
  standard_output_.check();
}

void Streams::write_text(std::string_view text) {
  if (silent_) return;
  Output& output = json_ ? standard_error_ : standard_output_;
  output.write(fitted(with_flags(text), terminal_));
  output.flush();
}

std::string message_text(const std::string& text) {
  const std::string begin = "nib: ";
  return fitted(begin + text + '\n', describe_terminal(STDERR_FILENO), begin.size());
}

}  // namespace nib
