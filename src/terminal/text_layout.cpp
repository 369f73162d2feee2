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

}  // namespace

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
