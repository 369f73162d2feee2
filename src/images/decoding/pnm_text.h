#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nib {

/// The text of a PBM, PGM or PPM file: decimal numbers, between them blanks and comments from # to the end of the line.
class PnmText {
 public:
  PnmText(std::span<const std::uint8_t> file, std::size_t begin, const std::string& source);

  /// The next number, from `least` to `most`. Throws Error (bad input) that calls it `name`.
  std::uint32_t number(std::string_view name, std::uint32_t least, std::uint32_t most);

  /// The next digit 0 or 1, which need not stand apart from the one behind it.
  std::uint32_t bit();

  /// Steps over the one blank that ends the header of a raw file.
  void end_header();

  std::span<const std::uint8_t> rest() const { return file_.subspan(position_); }

  /// Steps over bytes of a raw file, which must be there.
  std::span<const std::uint8_t> bytes(std::size_t count);

  /// Throws Error (bad input) where more follows than blanks and, of a plain file, comments.
  void expect_end(bool comments);

 private:
  void skip_blanks(bool comments);
  std::string field(std::string_view name) const;

  std::span<const std::uint8_t> file_;
  std::size_t position_;
  const std::string& source_;
};

}  // namespace nib
