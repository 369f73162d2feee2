#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nib {

/// A user's text made safe for one line of a terminal: control bytes and invalid UTF-8 become \xNN, and what
/// is longer than `limit` bytes is cut with "...".
std::string printable(std::string_view text, std::size_t limit = 4200);

/// Characters of a UTF-8 text, each taken as one column wide.
std::size_t text_width(std::string_view text);

/// 54000 -> "54,000".
std::string with_commas(std::uint64_t number);

/// "1 run", "1,024 runs".
std::string counted(std::uint64_t number, const std::string& noun);

/// Whole-string decimal parsing: no sign for unsigned, no spaces, no hex or octal prefixes, no overflow.
/// nullopt for anything else. A leading zero is allowed ("010" is ten).
std::optional<std::uint64_t> parse_unsigned(std::string_view text);
/// Finite decimal numbers such as 0.1, 1e-3, -2; refuses nan, inf, hex, and what overflows or underflows to 0.
std::optional<double> parse_number(std::string_view text);

/// The candidate nearest to `word` by edit distance, or nullopt when none is near enough to be meant.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

/// A word as a POSIX shell takes it: quoted where it would be taken apart.
std::string shell_word(const std::string& text);

/// "a, b and c".
std::string join_words(std::span<const std::string> words);

}  // namespace nib
