#include "terminal/text_layout.h"

#include <algorithm>

namespace nib {
namespace {

bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

/// The first `count` characters.
std::string_view head(std::string_view text, std::size_t count) {
  std::size_t bytes = 0;
  while (bytes < text.size() && (count > 0 || !begins_character(text[bytes]))) {
    if (begins_character(text[bytes])) --count;
    ++bytes;
  }
  return text.substr(0, bytes);
}

/// Bytes of the sequence that sets a style and begins here: ESC [ ... m; 0 for none.
std::size_t style_length(std::string_view text) {
  if (!text.starts_with("\x1b[")) return 0;
  const std::size_t end = text.find('m');
  return end == std::string_view::npos ? 0 : end + 1;
}

/// Columns of a text that may hold styles.
std::size_t visible_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const std::size_t style = style_length(text);
    if (style == 0 && begins_character(text.front())) ++width;
    text.remove_prefix(std::max<std::size_t>(style, 1));
  }
  return width;
}

/// One line without its end.
std::string wrapped_line(std::string_view line, std::size_t columns, std::size_t hang) {
  if (visible_width(line) <= columns) return std::string(line);
  const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
  const std::string margin(std::min(indent + hang, columns / 2), ' ');
  std::string result;
  std::size_t used = 0;
  for (std::size_t begin = 0; begin < line.size();) {
    const std::size_t word_begin = std::min(line.find_first_not_of(' ', begin), line.size());
    const std::size_t end = std::min(line.find(' ', word_begin), line.size());
    const std::string_view word = line.substr(word_begin, end - word_begin);
    const std::size_t width = visible_width(word);
    if (word.empty()) break;  // spaces at the end
    if (begin == 0 || used + (word_begin - begin) + width <= columns) {
      result += line.substr(begin, end - begin);
      used += word_begin - begin + width;
    } else {
      result.append("\n").append(margin).append(word);
      used = margin.size() + width;
    }
    begin = end;
  }
  return result;
}

}  // namespace

std::string wrap(std::string_view text, std::size_t columns, std::size_t hang) {
  std::string result;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    const std::string_view line = text.substr(0, end);
    result += line.find('\r') == std::string_view::npos ? wrapped_line(line, columns, hang) : std::string(line);
    result += '\n';
    text.remove_prefix(end + 1);
  }
  return result.append(text);
}

std::string fitted(std::string_view text, const Terminal& terminal, std::size_t hang) {
  return terminal.breaks_lines ? wrap(text, terminal.columns, hang) : std::string(text);
}

std::string cut(std::string_view text, std::size_t width, bool utf8) {
  if (text_width(text) <= width) return std::string(text);
  const std::string_view ellipsis = utf8 ? "…" : "...";
  const std::size_t ellipsis_width = text_width(ellipsis);
  if (width < ellipsis_width) return std::string(head(text, width));
  return std::string(head(text, width - ellipsis_width)).append(ellipsis);
}

std::string align_left(std::string_view text, std::size_t width) {
  return std::string(text) + std::string(width - std::min(width, text_width(text)), ' ');
}

std::string align_right(std::string_view text, std::size_t width) {
  return std::string(width - std::min(width, text_width(text)), ' ').append(text);
}

std::string centre(std::string_view text, std::size_t width) {
  const std::size_t space = width - std::min(width, text_width(text));
  return std::string(space / 2, ' ').append(text).append(space - space / 2, ' ');
}

std::string aligned(const std::vector<std::vector<std::string>>& rows, const std::vector<std::size_t>& left) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], text_width(row[i]));
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool to_left = std::ranges::find(left, i) != left.end();
      line += (i == 0 ? "" : "  ") + (to_left ? align_left(row[i], widths[i]) : align_right(row[i], widths[i]));
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  }
  return text;
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

std::string styled(std::string_view text, std::string_view style, const Terminal& terminal) {
  if (!terminal.colour) return std::string(text);
  return std::string("\x1b[").append(style).append("m").append(text).append("\x1b[0m");
}

}  // namespace nib
