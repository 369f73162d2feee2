#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"

namespace nib {

/// The lines of a table whose cells are set apart by commas, without quotes; a view of the text.
class CsvLines {
 public:
  /// Both must outlive this; `source` is what errors call the file.
  CsvLines(std::string_view text, const std::string& source) : rest_(text), source_(source) {}
  CsvLines(std::string_view text, const std::string&& source) = delete;

  bool ended() const { return rest_.empty(); }
  /// The next line without its end. Throws Error (bad input) where there is no whole line any more.
  std::string_view next();
  /// The error (bad input) in the line that was read last; what was got is made printable and short.
  Error error(Problem problem) const;
  /// The same in a column of it.
  Error error(Problem problem, const std::string& column) const;

 private:
  std::string_view rest_;
  const std::string& source_;
  std::size_t number_ = 0;
};

/// The cells of a line, one by one.
class CsvCells {
 public:
  explicit CsvCells(std::string_view line) : rest_(line) {}

  bool ended() const { return ended_; }
  /// Empty behind the last.
  std::string_view next();

 private:
  std::string_view rest_;
  bool ended_ = false;
};

/// How many cells a line has: at least one.
std::size_t csv_columns(std::string_view line);

}  // namespace nib
