#include "encodings/npy.h"

#include <algorithm>
#include <string_view>

#include "base/error.h"
#include "base/text.h"
#include "encodings/npy_header.h"

namespace nib {
namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t version_bytes = 2, longest_header = 1 << 16;

/// What stands in front of a header's text: magic, version, length.
constexpr std::size_t prefix_bytes(unsigned version) { return magic.size() + version_bytes + (version == 1 ? 2 : 4); }

std::string in_bytes(std::uint64_t count) { return with_commas(count) + " bytes"; }

std::string_view find_header(std::span<const std::uint8_t> bytes, const std::string& source) {
  if (!is_npy(bytes))
    throw input_error({.file = source, .problem = "wrong format", .expected = "a NumPy array (.npy)"});
  const unsigned version = bytes.size() > magic.size() ? bytes[magic.size()] : 0;
  if (version < 1 || version > 3)
    throw input_error({.file = source,
                       .field = "version",
                       .problem = "unknown version of the format",
                       .expected = "1 to 3",
                       .got = std::to_string(version)});
  const std::size_t start = prefix_bytes(version);
  std::uint64_t length = 0;
  for (std::size_t at = std::min(start, bytes.size()); at-- > magic.size() + version_bytes;)
    length = length << 8 | bytes[at];
  if (bytes.size() < start || length > std::min(longest_header, bytes.size() - start))
    throw input_error({.file = source,
                       .field = "header length",
                       .problem = "header is longer than the file, or than any",
                       .expected = "at most " + in_bytes(longest_header),
                       .got = in_bytes(length)});
  return {reinterpret_cast<const char*>(bytes.data()) + start, static_cast<std::size_t>(length)};
}

/// The bytes of all elements; what would not fit 64 bits is more than any file has all the same.
std::uint64_t size_of(const NpyHeader& header) {
  constexpr std::uint64_t too_much = std::uint64_t{1} << 62;
  if (std::ranges::find(header.shape, 0u) != header.shape.end()) return 0;
  std::uint64_t size = header.item_bytes;
  for (const std::uint32_t length : header.shape) {
    if (size > too_much / length) return too_much;
    size *= length;
  }
  return size;
}

/// Turns column-major elements into row-major ones.
std::vector<std::uint8_t> in_row_order(std::span<const std::uint8_t> bytes, const NpyHeader& header) {
  std::vector<std::uint8_t> result;
  result.reserve(bytes.size());
  std::vector<std::uint32_t> at(header.shape.size());
  std::vector<std::size_t> strides(header.shape.size(), header.item_bytes);
  for (std::size_t axis = 1; axis < strides.size(); ++axis) strides[axis] = strides[axis - 1] * header.shape[axis - 1];
  while (result.size() < bytes.size()) {
    std::size_t place = 0;
    for (std::size_t axis = 0; axis < at.size(); ++axis) place += at[axis] * strides[axis];
    const auto item = bytes.subspan(place, header.item_bytes);
    result.insert(result.end(), item.begin(), item.end());
    for (std::size_t axis = at.size(); axis-- > 0;) {
      if (++at[axis] < header.shape[axis]) break;
      at[axis] = 0;
    }
  }
  return result;
}

void append_utf8(std::uint32_t code, std::string& text) {
  const auto append = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (code < 0x80) {
    append(code);
  } else if (code < 0x800) {
    append(0xC0 | code >> 6), append(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    append(0xE0 | code >> 12), append(0x80 | (code >> 6 & 0x3F)), append(0x80 | (code & 0x3F));
  } else {
    append(0xF0 | (code >> 18 & 7)), append(0x80 | (code >> 12 & 0x3F)), append(0x80 | (code >> 6 & 0x3F)),
        append(0x80 | (code & 0x3F));
  }
}

}  // namespace

bool is_npy(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= magic.size() &&
         std::equal(magic.begin(), magic.end(), bytes.begin(),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

NpyArray parse_npy(std::span<const std::uint8_t> bytes, const std::string& source) {
  const std::string_view text = find_header(bytes, source);
  const NpyHeader header = parse_npy_header(text, source);
  const auto data = bytes.subspan(prefix_bytes(bytes[magic.size()]) + text.size());
  if (size_of(header) != data.size())
    throw input_error({.file = source,
                       .field = "shape",
                       .problem = "does not fit the bytes behind the header",
                       .expected = in_bytes(size_of(header)),
                       .got = in_bytes(data.size())});
  NpyArray array{.kind = header.kind, .item_bytes = header.item_bytes, .shape = header.shape, .bytes = {}};
  array.bytes = header.fortran_order ? in_row_order(data, header) : std::vector(data.begin(), data.end());
  const std::size_t unit = header.kind == 'U' ? 4 : header.item_bytes;
  if (header.big_endian)
    for (auto at = array.bytes.begin(); at != array.bytes.end(); at += static_cast<std::ptrdiff_t>(unit))
      std::reverse(at, at + static_cast<std::ptrdiff_t>(unit));
  return array;
}

std::vector<std::uint8_t> npy_bytes(const NpyArray& array) {
  constexpr std::size_t alignment = 64;
  std::string text = npy_header_text(array.kind, array.item_bytes, array.shape);
  const std::size_t start = prefix_bytes(1);
  text.append(alignment - (start + text.size() + 1) % alignment, ' ');
  text += '\n';
  std::string prefix(magic);
  for (const std::size_t byte : {std::size_t{1}, std::size_t{0}, text.size() & 0xFF, text.size() >> 8})
    prefix += static_cast<char>(byte);
  std::vector<std::uint8_t> bytes(prefix.begin(), prefix.end());
  bytes.insert(bytes.end(), text.begin(), text.end());
  bytes.insert(bytes.end(), array.bytes.begin(), array.bytes.end());
  return bytes;
}

std::optional<std::string> npy_text(const NpyArray& array) {
  if (!array.shape.empty() || (array.kind != 'S' && array.kind != 'U')) return std::nullopt;
  std::string text;
  const std::size_t unit = array.kind == 'U' ? 4 : 1;
  for (std::size_t at = 0; at < array.bytes.size(); at += unit) {
    std::uint32_t code = 0;
    for (std::size_t byte = unit; byte-- > 0;) code = code << 8 | array.bytes[at + byte];
    if (code == 0) break;
    if (unit == 1)
      text += static_cast<char>(code);
    else
      append_utf8(code, text);
  }
  return text;
}

NpyArray npy_of_text(const std::string& text) {
  return {.kind = 'S',
          .item_bytes = static_cast<std::uint32_t>(text.size()),
          .shape = {},
          .bytes = std::vector<std::uint8_t>(text.begin(), text.end())};
}

}  // namespace nib
