#include "images/decoding/pnm_text.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace nib {
namespace {

bool is_blank(std::uint8_t byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }
bool is_digit(std::uint8_t byte) { return byte >= '0' && byte <= '9'; }

}  // namespace

PnmText::PnmText(std::span<const std::uint8_t> file, std::size_t begin, const std::string& source)
    : file_(file), position_(begin), source_(source) {}

std::string PnmText::field(std::string_view name) const {
  return fmt::format("{} at byte {}", name, with_commas(position_));
}

void PnmText::skip_blanks(bool comments) {
  while (position_ < file_.size()) {
    if (comments && file_[position_] == '#') {
      const auto rest = file_.subspan(position_);
      position_ += static_cast<std::size_t>(
          std::ranges::find_if(rest, [](auto byte) { return byte == '\n' || byte == '\r'; }) - rest.begin());
    } else if (is_blank(file_[position_])) {
      ++position_;
    } else {
      return;
    }
  }
}

std::uint32_t PnmText::number(std::string_view name, std::uint32_t least, std::uint32_t most) {
  skip_blanks(true);
  const std::string place = field(name);
  const std::size_t begin = position_;
  std::uint64_t value = 0;
  for (; position_ < file_.size() && is_digit(file_[position_]); ++position_)
    value = std::min<std::uint64_t>(value * 10 + (file_[position_] - unsigned{'0'}), std::uint64_t{1} << 32);
  const bool ended = position_ == file_.size();
  const std::string expected = fmt::format("{} to {}", with_commas(least), with_commas(most));
  if (begin == position_ || (!ended && !is_blank(file_[position_]) && file_[position_] != '#'))
    throw input_error({.file = source_,
                       .field = place,
                       .problem = ended ? "file is cut off" : "not a number",
                       .expected = expected,
                       .got = ended ? "the end of the file" : fmt::format("byte 0x{:02x}", file_[position_])});
  if (value < least || value > most)
    throw input_error({.file = source_,
                       .field = place,
                       .problem = value < least ? "number is too small" : "number is too large",
                       .expected = expected,
                       .got = value >> 32 != 0 ? "more" : with_commas(value)});
  return static_cast<std::uint32_t>(value);
}

std::uint32_t PnmText::bit() {
  skip_blanks(true);
  const bool ended = position_ == file_.size();
  if (ended || (file_[position_] != '0' && file_[position_] != '1'))
    throw input_error({.file = source_,
                       .field = field("pixel"),
                       .problem = ended ? "file is cut off" : "neither 0 nor 1",
                       .expected = "0 or 1",
                       .got = ended ? "the end of the file" : fmt::format("byte 0x{:02x}", file_[position_])});
  return file_[position_++] - unsigned{'0'};
}

void PnmText::end_header() {
  if (position_ == file_.size() || !is_blank(file_[position_]))
    throw input_error({.file = source_, .field = field("header"), .problem = "no blank ends the header"});
  ++position_;
}

std::span<const std::uint8_t> PnmText::bytes(std::size_t count) {
  const auto taken = file_.subspan(position_, count);
  position_ += count;
  return taken;
}

void PnmText::expect_end(bool comments) {
  skip_blanks(comments);
  if (position_ < file_.size())
    throw input_error({.file = source_,
                       .field = field("end"),
                       .problem = "more follows behind the image",
                       .got = fmt::format("{} bytes more", with_commas(file_.size() - position_)),
                       .hint = "nib reads files of one image"});
}

}  // namespace nib
