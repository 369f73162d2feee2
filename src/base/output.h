#pragma once

#include <string>
#include <string_view>

namespace nib {

/// Thrown where the reader of the results has closed the pipe (head): the program ends without a word, with the exit
/// code that a shell gives to those that SIGPIPE ends.
struct ReaderIsGone {};

/// Text for a file descriptor that this class does not own, such as standard output. Writing never throws: the first
/// failure is remembered, and what follows it is dropped, so that the program decides at its end what a lost result
/// means. Not for several threads at once.
class Output {
 public:
  /// A descriptor that is closed by now counts as lost at once: a file opened later could get its number.
  explicit Output(int file_descriptor);
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  /// Keeps the text until flush() or until much has gathered.
  void write(std::string_view text);
  void flush();

  /// The errno of the first write that failed (EPIPE, ENOSPC, EBADF ...), 0 as long as none did. Only what has been
  /// flushed is known to be written.
  int lost() const { return lost_; }
  /// For a result: throws ReaderIsGone, or Error (io), when some of it is lost.
  void check() const;
  int file_descriptor() const { return file_descriptor_; }

 private:
  int file_descriptor_;
  int lost_ = 0;
  std::string buffer_;
};

/// A whole result for standard output. Throws as check() does; else 0, the exit code of a command that has no more.
int print(std::string_view text);

}  // namespace nib
