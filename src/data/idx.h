#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nib {

enum class IdxKind { images, labels };

/// The header of an IDX file of unsigned bytes (yann.lecun.com's format for MNIST): magic 00 00 08 RANK, then one
/// big-endian 32-bit number a dimension. Images are (count, rows, columns), labels (count).
struct IdxHeader {
  IdxKind kind = IdxKind::images;
  std::uint32_t count = 0;
  std::uint32_t rows = 1, columns = 1;  ///< pixels; 1 for labels

  std::size_t header_bytes() const { return kind == IdxKind::images ? 16 : 8; }
  std::uint64_t value_bytes() const { return std::uint64_t{count} * rows * columns; }
  std::uint64_t file_bytes() const { return header_bytes() + value_bytes(); }
  bool operator==(const IdxHeader&) const = default;
};

inline constexpr std::uint32_t largest_idx_count = 10'000'000;
inline constexpr std::uint32_t largest_idx_side = 256;                     ///< rows and columns
inline constexpr std::uint64_t largest_idx_file = std::uint64_t{4} << 30;  ///< bytes
inline constexpr std::size_t longest_idx_header = 16;                      ///< bytes

/// Reads and checks the header at the beginning of `bytes` (the whole file or its first 16 bytes). Throws Error (bad
/// input) that names the file, the field with its byte offset, what was expected and what was got.
IdxHeader read_idx_header(std::span<const std::uint8_t> bytes, IdxKind expected, const std::string& file);

/// The bytes of a header.
std::vector<std::uint8_t> idx_header_bytes(const IdxHeader& header);

/// An IDX file in memory. `bytes` is the whole file, header included; of a file of other numbers the one of unsigned
/// bytes that holds the same.
struct IdxContent {
  IdxHeader header;
  std::vector<std::uint8_t> bytes;
  bool gzipped = false;  ///< it was inflated
};

/// Takes a file's bytes apart, inflating them first where they are gzip data, whatever the file is called: header and
/// exact length are checked. Throws Error (bad input), which names what the file is where it is no IDX file.
IdxContent decode_idx(std::vector<std::uint8_t> bytes, IdxKind expected, const std::string& file);

/// "count at byte 4" and the like: the field names of errors.
inline constexpr std::string_view idx_count_field = "count at byte 4";
inline constexpr std::string_view idx_rows_field = "rows at byte 8";
inline constexpr std::string_view idx_columns_field = "columns at byte 12";

}  // namespace nib
