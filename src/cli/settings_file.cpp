// CLI11 has a reader of its own for this. It cuts a text at a '#', takes the quotes off twice ("'a b'" becomes a b),
// makes one setting of two with the same name, leaves out lines of two letters, and knows of no lines; and its versions
// read the same file in different ways.

#include "cli/settings_file.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "cli/options.h"

namespace nib {
namespace {

constexpr std::uint64_t largest_file = 1 << 20;
constexpr std::size_t longest_line = 4096;

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char letter) { return letter == ' ' || letter == '\t' || letter == '\r'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// A '#' between quotes begins no comment.
std::string_view without_comment(std::string_view line) {
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char letter = line[i];
    if (quote != 0) {
      if (letter == quote) quote = 0;
    } else if (letter == '#') {
      return line.substr(0, i);
    } else if (letter == '"' || letter == '\'') {
      quote = letter;
    }
  }
  return line;
}

/// Takes digits off the begin; how many there were.
std::size_t take_digits(std::string_view& text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  text.remove_prefix(digits);
  return digits;
}

/// As TOML has numbers: digits at both sides of a point, and no zeros before others.
bool is_number(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  const bool begins_with_zero = text.starts_with('0');
  const std::size_t whole = take_digits(text);
  if (whole == 0 || (begins_with_zero && whole > 1)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (take_digits(text) == 0) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (take_digits(text) == 0) return false;
  }
  return text.empty();
}

bool is_bare(std::string_view value) { return value == "true" || value == "false" || is_number(value); }

/// A backslash between double quotes would be an escape.
bool is_quoted(std::string_view value) {
  if (value.size() < 2 || (value.front() != '"' && value.front() != '\'') || value.back() != value.front())
    return false;
  const std::string_view inside = value.substr(1, value.size() - 2);
  return inside.find(value.front()) == std::string_view::npos &&
         (value.front() == '\'' || inside.find('\\') == std::string_view::npos);
}

class Reader {
 public:
  Reader(const std::string& source, const std::string& table) : source_(source), table_(table) {}

  std::vector<FileSetting> read(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);  // some editors' mark of UTF-8
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos)
      throw input_error({.file = source_, .problem = "holds nothing", .expected = "settings"});
    if (text[first] == '{')
      throw input_error({.file = source_,
                         .problem = "is JSON",
                         .expected = "lines of name = value",
                         .hint = "the settings of a run.json are the words of its \"command\""});
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      ++line_;
      take(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return std::move(settings_);
  }

 private:
  [[noreturn]] void refuse(const std::string& problem, const std::string& expected, std::string_view got,
                           const std::string& hint = {}) const {
    throw input_error({.file = source_,
                       .field = "line " + std::to_string(line_),
                       .problem = problem,
                       .expected = expected,
                       .got = got.empty() ? std::string() : quoted(std::string(got)),
                       .hint = hint});
  }

  void take(std::string_view line) {
    if (line.size() > longest_line) refuse("too long", std::to_string(longest_line) + " bytes at most", {});
    std::string plain(trimmed(line));
    std::ranges::replace(plain, '\t', ' ');
    if (printable(plain) != plain) refuse("not text", "UTF-8 without control characters", plain);
    const std::string_view statement = trimmed(without_comment(line));
    if (statement.empty()) return;
    if (statement.front() != '[') return take_setting(statement);
    if (statement != '[' + table_ + ']' || in_table_)
      refuse("another table", '[' + table_ + "] once, or none", statement);
    in_table_ = true;
  }

  void take_setting(std::string_view statement) {
    const std::size_t equals = std::min(statement.find('='), statement.size());
    std::string_view name = trimmed(statement.substr(0, equals));
    if (equals == statement.size() || name.empty()) refuse("not a setting", "name = value", statement);
    if (!in_table_ && name.starts_with(table_ + '.')) name.remove_prefix(table_.size() + 1);
    if (is_quoted(name)) name = name.substr(1, name.size() - 2);
    const std::string_view value = trimmed(statement.substr(equals + 1));
    if (const auto before = std::ranges::find(settings_, name, &FileSetting::name); before != settings_.end())
      refuse(quoted(std::string(name)) + " is given more than once", {}, {},
             "it also stands in line " + std::to_string(before->line));
    settings_.push_back({.name = std::string(name), .value = value_of(name, value), .line = line_});
  }

  std::string value_of(std::string_view name, std::string_view value) const {
    const std::string setting(name), text(value);
    if (value.empty()) refuse(quoted(setting) + " needs a value", setting + " = ...", {});
    if (value.front() == '[') return list(value);
    if (is_bare(value)) return text;
    if (is_quoted(value)) return text.substr(1, text.size() - 2);
    if (value.front() == '"' || value.front() == '\'')
      refuse("not a text in quotes", "quotes of one kind at both ends; a backslash only between single ones", value);
    refuse("not a value", "a number, true, false or a text in quotes", value, setting + " = \"" + text + '"');
  }

  std::string list(std::string_view value) const {
    std::string text;
    std::string_view left = value.size() > 2 && value.back() == ']' ? value.substr(1, value.size() - 2) : "";
    while (true) {
      const std::size_t comma = std::min(left.find(','), left.size());
      const std::string element(trimmed(left.substr(0, comma)));
      if (!is_bare(element) && !is_quoted(element)) break;
      text += is_bare(element) ? element : element.substr(1, element.size() - 2);
      if (comma == left.size()) return text;
      text += ',';
      left.remove_prefix(comma + 1);
    }
    refuse("not a list in one line", "[1, 2] or [\"a\", \"b\"], no comma in a text", value);
  }

  const std::string& source_;
  const std::string& table_;
  std::size_t line_ = 0;
  bool in_table_ = false;  ///< behind its heading
  std::vector<FileSetting> settings_;
};

}  // namespace

std::vector<FileSetting> read_settings(std::string_view text, const std::string& source, const std::string& table) {
  return Reader(source, table).read(text);
}

std::vector<FileSetting> read_settings_file(const std::string& file, const std::string& table) {
  const std::vector<std::uint8_t> bytes = read_file(file, largest_file);
  return read_settings({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, file, table);
}

std::string settings_file_value(const std::string& name, const std::string& value) {
  if (is_bare(value)) return value;
  for (const char quote : {'"', '\''})
    if (std::string text = quote + value + quote; is_quoted(text) && printable(value) == value) return text;
  throw usage_error({.file = "--" + name,
                     .problem = "cannot stand in a settings file",
                     .expected = "quotes of one kind only, no control character",
                     .got = quoted(value)});
}

}  // namespace nib
