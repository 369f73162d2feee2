#include "data/idx_numbers.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "data/numpy_values.h"

namespace nib {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint8_t unsigned_bytes = 0x08;

/// NumPy's letter and size for an IDX type.
struct Type {
  char kind;
  std::uint32_t item_bytes;
};

std::optional<Type> type_of(std::uint8_t type) {
  switch (type) {
    case unsigned_bytes:
      return Type{'u', 1};
    case 0x09:
      return Type{'i', 1};
    case 0x0B:
      return Type{'i', 2};
    case 0x0C:
      return Type{'i', 4};
    case 0x0D:
      return Type{'f', 4};
    case 0x0E:
      return Type{'f', 8};
    default:
      return std::nullopt;
  }
}

std::uint32_t big_endian(Bytes bytes, std::size_t offset) {
  return (std::uint32_t{bytes[offset]} << 24) | (std::uint32_t{bytes[offset + 1]} << 16) |
         (std::uint32_t{bytes[offset + 2]} << 8) | bytes[offset + 3];
}

NpyArray array_of(Bytes values, const IdxNumbersHeader& header) {
  const Type type = *type_of(header.type);
  NpyArray array{.kind = type.kind, .item_bytes = type.item_bytes, .shape = header.shape, .bytes = {}};
  array.bytes.assign(values.begin(), values.end());
  for (auto item = array.bytes.begin(); item != array.bytes.end(); item += type.item_bytes)
    std::reverse(item, item + type.item_bytes);
  return array;
}

void keep_first_column(NpyArray& array) {
  const std::size_t row_bytes = std::size_t{array.shape[1]} * array.item_bytes;
  for (std::size_t row = 0; row < array.shape[0]; ++row)
    std::copy_n(array.bytes.begin() + std::ptrdiff_t(row * row_bytes), array.item_bytes,
                array.bytes.begin() + std::ptrdiff_t(row * array.item_bytes));
  array.bytes.resize(std::size_t{array.shape[0]} * array.item_bytes);
  array.shape.resize(1);
}

}  // namespace

std::uint64_t IdxNumbersHeader::file_bytes() const {
  std::uint64_t bytes = type_of(type)->item_bytes;
  for (const std::uint32_t dimension : shape) bytes *= dimension;
  return header_bytes() + bytes;
}

std::optional<IdxNumbersHeader> idx_numbers_header(Bytes beginning, IdxKind expected) {
  if (beginning.size() < 4 || beginning[0] != 0 || beginning[1] != 0) return std::nullopt;
  const std::uint8_t type = beginning[2], rank = beginning[3], usual = expected == IdxKind::images ? 3 : 1;
  const bool in_columns = expected == IdxKind::labels && rank == 2;
  if (!type_of(type) || (rank != usual && !in_columns) || (type == unsigned_bytes && rank == usual))
    return std::nullopt;
  IdxNumbersHeader header{.type = type, .shape = {}};
  if (beginning.size() < 4 + 4 * std::size_t{rank}) return std::nullopt;
  for (std::size_t i = 0; i < rank; ++i) {
    header.shape.push_back(big_endian(beginning, 4 + 4 * i));
    if (header.shape[i] < 1 || header.shape[i] > (i == 0 ? largest_idx_count : largest_idx_side)) return std::nullopt;
  }
  if (header.file_bytes() > largest_idx_file) return std::nullopt;
  return header;
}

std::vector<std::uint8_t> plain_idx(Bytes bytes, const IdxNumbersHeader& header, IdxKind expected,
                                    const std::string& file) {
  if (bytes.size() != header.file_bytes())
    throw input_error(
        {.file = file,
         .field = "length",
         .problem = bytes.size() < header.file_bytes() ? "file is cut off" : "trailing bytes behind the data",
         .expected = fmt::format("{} bytes by its header", with_commas(header.file_bytes())),
         .got = fmt::format("{} bytes", with_commas(bytes.size()))});
  NpyArray array = array_of(bytes.subspan(header.header_bytes()), header);
  if (expected == IdxKind::labels && array.shape.size() == 2) keep_first_column(array);
  IdxHeader plain{.kind = expected, .count = array.shape[0]};
  if (expected == IdxKind::images) {
    plain.rows = array.shape[1];
    plain.columns = array.shape[2];
  }
  std::vector<std::uint8_t> result = idx_header_bytes(plain);
  const std::vector<std::uint8_t> values =
      expected == IdxKind::images ? pixels_of(std::move(array), file).values : labels_of(std::move(array), file);
  result.insert(result.end(), values.begin(), values.end());
  return result;
}

}  // namespace nib
