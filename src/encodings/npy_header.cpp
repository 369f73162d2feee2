#include "encodings/npy_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <set>

#include "base/error.h"
#include "base/text.h"

namespace nib {
namespace {

constexpr std::size_t most_axes = 32;  // as NumPy's own

struct Kind {
  char kind;
  std::uint32_t least, most;  ///< bytes of an element
};
constexpr std::array kinds = {Kind{'f', 2, 8}, Kind{'i', 1, 8},       Kind{'u', 1, 8},
                              Kind{'b', 1, 1}, Kind{'S', 0, 1 << 20}, Kind{'U', 0, 1 << 22}};

/// A cursor over the few things of Python that headers consist of.
class HeaderText {
 public:
  HeaderText(std::string_view text, const std::string& source) : text_(text), source_(source) {}

  bool take(char letter) {
    skip_blanks();
    if (at_ == text_.size() || text_[at_] != letter) return false;
    ++at_;
    return true;
  }
  void require(char letter) {
    if (!take(letter)) throw unexpected(fmt::format("{}", letter));
  }
  std::string_view quoted() {
    const char quote = take('\'') ? '\'' : '"';
    if (quote == '"') require('"');
    const std::size_t end = text_.find(quote, at_);
    if (end == std::string_view::npos) throw unexpected("the end of a text");
    const std::string_view content = text_.substr(at_, end - at_);
    at_ = end + 1;
    return content;
  }
  std::string_view word() {
    skip_blanks();
    const std::size_t start = at_;
    while (at_ < text_.size() && std::string_view(" \t\n,)}:").find(text_[at_]) == std::string_view::npos) ++at_;
    return text_.substr(start, at_ - start);
  }
  bool is_at_end() {
    skip_blanks();
    return at_ == text_.size();
  }
  Error unexpected(const std::string& expected) const {
    return input_error({.file = source_,
                        .field = fmt::format("header, byte {}", at_),
                        .problem = "not a dictionary as NumPy writes it",
                        .expected = expected,
                        .got = at_ < text_.size() ? printable(text_.substr(at_, 20)) : "its end"});
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t')) ++at_;
  }

  std::string_view text_;
  const std::string& source_;
  std::size_t at_ = 0;
};

Error wrong_type(std::string_view descr, const std::string& source) {
  return input_error({.file = source,
                      .field = "descr",
                      .problem = "elements of a type that is not read",
                      .expected = "floats, whole numbers, truth values or texts",
                      .got = printable(descr, 60)});
}

/// "<f4": byte order, kind, bytes (of a Unicode text: characters of four).
void read_descr(std::string_view descr, NpyHeader& header, const std::string& source) {
  if (descr.find('O') != std::string_view::npos)
    throw input_error({.file = source,
                       .field = "descr",
                       .problem = "pickled objects, refused because they can run any code",
                       .expected = "numbers",
                       .hint = "save arrays of numbers: numpy.savez(FILE, **arrays)"});
  if (descr.size() < 3) throw wrong_type(descr, source);
  const auto count = parse_unsigned(descr.substr(2));
  const auto* const kind = std::ranges::find(kinds, descr[1], &Kind::kind);
  if (!count || kind == kinds.end() || *count > kind->most) throw wrong_type(descr, source);
  header.kind = kind->kind;
  header.item_bytes = static_cast<std::uint32_t>(*count) * (header.kind == 'U' ? 4 : 1);
  const bool is_number = header.kind != 'S' && header.kind != 'U';
  const bool has_order = header.item_bytes > 1 && header.kind != 'S';
  if (header.item_bytes > kind->most || (is_number && (*count < kind->least || (*count & (*count - 1)) != 0)) ||
      !(descr[0] == '<' || descr[0] == '>' || (descr[0] == '|' && !has_order)))
    throw wrong_type(descr, source);
  header.big_endian = has_order && descr[0] == '>';
}

std::vector<std::uint32_t> read_shape(HeaderText& text, const std::string& source) {
  std::vector<std::uint32_t> shape;
  text.require('(');
  while (!text.take(')')) {
    std::string_view word = text.word();
    if (word.ends_with('L')) word.remove_suffix(1);  // Python 2 marked long numbers
    const auto length = parse_unsigned(word);
    if (!length || *length > std::numeric_limits<std::int32_t>::max())
      throw input_error({.file = source,
                         .field = "shape",
                         .problem = "not a length",
                         .expected = fmt::format("0 to {}", std::numeric_limits<std::int32_t>::max()),
                         .got = printable(word, 60)});
    shape.push_back(static_cast<std::uint32_t>(*length));
    if (shape.size() > most_axes)
      throw input_error({.file = source,
                         .field = "shape",
                         .problem = "too many axes",
                         .expected = fmt::format("at most {}", most_axes)});
    if (!text.take(',')) {
      text.require(')');
      break;
    }
  }
  return shape;
}

bool read_truth(HeaderText& text) {
  const std::string_view word = text.word();
  if (word != "True" && word != "False") throw text.unexpected("True or False");
  return word == "True";
}

}  // namespace

NpyHeader parse_npy_header(std::string_view header_text, const std::string& source) {
  NpyHeader header;
  HeaderText text(header_text, source);
  std::set<std::string_view> keys;
  text.require('{');
  while (!text.take('}')) {
    const std::string_view key = text.quoted();
    text.require(':');
    if (!keys.insert(key).second)
      throw input_error({.file = source, .field = printable(key, 60), .problem = "key stands twice"});
    if (key == "descr") {
      if (text.take('[')) throw wrong_type("records", source);
      read_descr(text.quoted(), header, source);
    } else if (key == "fortran_order") {
      header.fortran_order = read_truth(text);
    } else if (key == "shape") {
      header.shape = read_shape(text, source);
    } else {
      throw input_error({.file = source, .field = printable(key, 60), .problem = "unknown key"});
    }
    if (!text.take(',')) {
      text.require('}');
      break;
    }
  }
  if (!text.is_at_end()) throw text.unexpected("nothing more");
  for (const std::string_view key : {"descr", "fortran_order", "shape"})
    if (!keys.contains(key))
      throw input_error({.file = source, .field = std::string(key), .problem = "key is missing"});
  return header;
}

std::string npy_header_text(char kind, std::uint32_t item_bytes, std::span<const std::uint32_t> shape) {
  const char order = item_bytes == 1 || kind == 'S' ? '|' : '<';
  return fmt::format("{{'descr': '{}{}{}', 'fortran_order': False, 'shape': ({}{}), }}", order, kind,
                     kind == 'U' ? item_bytes / 4 : item_bytes, fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

}  // namespace nib
