#include "images/decoding/heif_boxes.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <string_view>

#include "base/error.h"
#include "base/text.h"

namespace nib {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t length_bytes = 4, short_header = 8, long_header = 16;
constexpr std::uint64_t to_the_end = 0, length_follows = 1;  // lengths that mean something else

std::uint64_t big_endian(Bytes bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

bool is_type(std::string_view type) {
  return std::ranges::all_of(type, [](unsigned char letter) { return std::isprint(letter) != 0; });
}

}  // namespace

Bytes heif_boxes(Bytes file, const std::string& source) {
  std::size_t begin = 0;
  while (file.size() - begin >= short_header) {
    const Bytes rest = file.subspan(begin);
    const std::string_view type(reinterpret_cast<const char*>(rest.data()) + length_bytes, length_bytes);
    if (!is_type(type)) break;
    std::uint64_t length = big_endian(rest.first(length_bytes));
    std::size_t header = short_header;
    if (length == to_the_end) return file;
    if (length == length_follows) {
      header = long_header;
      length = rest.size() < header ? header : big_endian(rest.subspan(short_header, header - short_header));
    }
    const Problem of_box{.file = source, .field = fmt::format("HEIC box {} at byte {}", type, with_commas(begin))};
    if (length < header) {
      Problem damaged = of_box;
      damaged.problem = "is shorter than its own header: the file is damaged";
      damaged.expected = fmt::format("at least {} bytes", header);
      damaged.got = with_commas(length);
      throw input_error(std::move(damaged));
    }
    if (length > rest.size()) {
      Problem cut_off = of_box;
      cut_off.problem = "file is cut off";
      cut_off.expected = with_commas(length) + " bytes";
      cut_off.got = with_commas(rest.size());
      cut_off.hint = "the file looks like an incomplete copy or download";
      throw input_error(std::move(cut_off));
    }
    begin += length;
  }
  return file.first(begin);
}

}  // namespace nib
