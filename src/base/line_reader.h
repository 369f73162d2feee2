#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace nib {

/// One line of a stream, without its end (a line feed, and a carriage return before it).
struct StreamLine {
  std::string text;
  std::uint64_t number = 0;  ///< from 1, of all lines
  bool too_long = false;     ///< then the text is its beginning, and the rest was passed over
};

/// Takes lines from a stream as they come: from a file, a pipe or a terminal that goes on for as long as it likes.
class LineReader {
 public:
  /// `name` is what errors call the stream; lines may have `longest` bytes.
  LineReader(int file_descriptor, std::string name, std::size_t longest)
      : file_descriptor_(file_descriptor), name_(std::move(name)), longest_(longest) {}

  /// Waits for the next line; the last one may have no end. Nothing at the stream's end, and once a signal asked for a
  /// stop (see requested_stop()), also while this waits. Throws Error (io) where reading fails.
  std::optional<StreamLine> next();

 private:
  bool wait() const;
  bool read_on();
  void take(std::size_t count, StreamLine& line);

  int file_descriptor_;
  std::string name_;
  std::size_t longest_;
  std::string buffer_;  ///< of which the bytes from `begin_` on are not taken yet
  std::size_t begin_ = 0;
  std::uint64_t lines_ = 0;
};

}  // namespace nib
