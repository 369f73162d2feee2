#pragma once

#include <string>
#include <string_view>

#include "base/notes.h"
#include "base/output.h"
#include "encodings/json.h"
#include "terminal/terminal.h"

namespace nib {

/// Where the texts of a command go. Results in words and the narrative around them share standard output; with --json
/// both move to standard error, and standard output holds one JSON document. --quiet leaves the narrative out. Writing
/// never throws: a command whose results are its text ends with finish(). Texts may hold marked settings (cli/flags.h),
/// a document may not. On a terminal what is too long for a line is broken between words.
class Streams : public Notes {
 public:
  /// `json`: texts make way for what else goes to standard output, a document or table(). `silent`: nothing is written
  /// at all, as another process tells it.
  Streams(bool json, bool quiet, bool silent = false);

  /// What the stream of say() and result() can show.
  const Terminal& terminal() const { return terminal_; }
  bool json() const { return json_; }
  bool quiet() const { return quiet_; }

  void say(std::string_view text) override;   ///< narrative
  void result(std::string_view text);         ///< what the command was started for, in words
  void document(const Json& document);        ///< written with --json only
  void table(std::string_view text);          ///< to standard output as it is, whatever its lines are
  void warn(std::string_view line) override;  ///< "nib: warning: LINE" on standard error

  void notice(std::string_view line);  ///< "nib: LINE" on standard error

  /// Throws when something that went to standard output is lost: see Output::check().
  void finish();
  /// The errno of the first failed write to standard output, or 0.
  int lost() const { return standard_output_.lost(); }

 private:
  void write_text(std::string_view text);

  bool json_, quiet_, silent_;
  Output standard_output_, standard_error_;
  Terminal terminal_;
};

/// "nib: TEXT" as it is written to standard error: its lines wrapped where that is a terminal.
std::string message_text(const std::string& text);

}  // namespace nib
