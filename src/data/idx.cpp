#include "data/idx.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "data/idx_numbers.h"
#include "encodings/file_kind.h"
#include "encodings/gzip.h"

namespace nib {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint32_t images_magic = 0x00000803, labels_magic = 0x00000801;

std::uint32_t big_endian(Bytes bytes, std::size_t offset) {
  return (std::uint32_t{bytes[offset]} << 24) | (std::uint32_t{bytes[offset + 1]} << 16) |
         (std::uint32_t{bytes[offset + 2]} << 8) | bytes[offset + 3];
}

std::string hexadecimal(std::uint32_t value) { return fmt::format("0x{:08x}", value); }

/// The name of an IDX element type, which is the third byte of a file.
std::string type_name(unsigned type) {
  switch (type) {
    case 0x09:
      return " (signed bytes)";
    case 0x0B:
      return " (16-bit integers)";
    case 0x0C:
      return " (32-bit integers)";
    case 0x0D:
      return " (32-bit floats)";
    case 0x0E:
      return " (64-bit floats)";
    default:
      return "";
  }
}

/// What to do with a file that is no IDX file.
std::string hint_for(FileKind kind) {
  if (kind == FileKind::gzip) return "it seems to be compressed twice";
  if (is_packed(kind)) return "unpack it first";
  if (kind == FileKind::html || kind == FileKind::xml)
    return "a server's web page was saved in place of the file: download it again";
  return kind == FileKind::git_lfs_pointer ? "git lfs pull fetches the file that it points to" : "";
}

/// Says why the first four bytes are not the magic of `expected`.
[[noreturn]] void refuse_magic(Bytes bytes, IdxKind expected, const std::string& file) {
  const std::uint32_t magic = big_endian(bytes, 0);
  const bool images = expected == IdxKind::images;
  const std::uint32_t wanted = images ? images_magic : labels_magic;
  Problem problem{.file = file, .field = "magic at byte 0", .expected = hexadecimal(wanted), .got = hexadecimal(magic)};
  if (magic == (images ? labels_magic : images_magic)) {
    problem.problem = images ? "holds labels, not images" : "holds images, not labels";
    problem.hint = "the files of images and labels seem to be swapped";
  } else if (magic == __builtin_bswap32(wanted)) {
    problem.problem = "IDX header is little-endian";
    problem.hint = "IDX numbers are stored with the most significant byte first";
  } else if (magic >> 16 != 0) {
    const FileKind kind = file_kind(bytes);
    problem.problem = "not an IDX file";
    if (kind != FileKind::unknown) problem.got += fmt::format(" ({})", name_of(kind));
    problem.hint = hint_for(kind);
  } else if (bytes[2] != 0x08) {
    problem.field = "type at byte 2";
    problem.problem = "IDX file of another element type";
    problem.expected = "0x08 (unsigned bytes)";
    problem.got = fmt::format("0x{:02x}{}", bytes[2], type_name(bytes[2]));
  } else {
    problem.field = "rank at byte 3";
    problem.problem = images ? "images need three dimensions" : "labels need one dimension";
    problem.expected = images ? "3" : "1";
    problem.got = std::to_string(bytes[3]);
  }
  throw input_error(std::move(problem));
}

void check_range(std::uint32_t value, std::uint32_t largest, std::string_view field, const std::string& file) {
  if (value >= 1 && value <= largest) return;
  throw input_error({.file = file,
                     .field = std::string(field),
                     .problem = value == 0 ? "must not be zero" : "too large",
                     .expected = "1 to " + with_commas(largest),
                     .got = with_commas(value)});
}

}  // namespace

IdxHeader read_idx_header(Bytes bytes, IdxKind expected, const std::string& file) {
  IdxHeader header{.kind = expected};
  const std::string wanted = fmt::format("an IDX header of {} bytes", header.header_bytes());
  if (bytes.empty())
    throw input_error({.file = file, .problem = "file is empty", .expected = wanted, .got = "0 bytes"});
  if (bytes.size() >= 4 && big_endian(bytes, 0) != (expected == IdxKind::images ? images_magic : labels_magic))
    refuse_magic(bytes, expected, file);
  if (bytes.size() < header.header_bytes())
    throw input_error({.file = file,
                       .field = fmt::format("header at byte {}", bytes.size()),
                       .problem = "file ends inside its header",
                       .expected = wanted,
                       .got = fmt::format("{} bytes", bytes.size())});
  header.count = big_endian(bytes, 4);
  check_range(header.count, largest_idx_count, idx_count_field, file);
  if (expected == IdxKind::images) {
    header.rows = big_endian(bytes, 8);
    check_range(header.rows, largest_idx_side, idx_rows_field, file);
    header.columns = big_endian(bytes, 12);
    check_range(header.columns, largest_idx_side, idx_columns_field, file);
  }
  if (header.file_bytes() > largest_idx_file)
    throw input_error({.file = file,
                       .field = std::string(idx_count_field),
                       .problem = fmt::format("{} images of {} x {} are too much", with_commas(header.count),
                                              header.rows, header.columns),
                       .expected = fmt::format("at most {} bytes", with_commas(largest_idx_file)),
                       .got = fmt::format("{} bytes", with_commas(header.file_bytes()))});
  return header;
}

std::vector<std::uint8_t> idx_header_bytes(const IdxHeader& header) {
  const bool images = header.kind == IdxKind::images;
  std::vector<std::uint8_t> bytes;
  const auto append = [&](std::uint32_t number) {
    for (const int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<std::uint8_t>(number >> shift));
  };
  append(images ? images_magic : labels_magic);
  append(header.count);
  if (!images) return bytes;
  append(header.rows);
  append(header.columns);
  return bytes;
}

IdxContent decode_idx(std::vector<std::uint8_t> bytes, IdxKind expected, const std::string& file) {
  IdxContent content;
  content.gzipped = bytes.size() >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B;
  const std::vector<std::uint8_t> beginning =
      content.gzipped
          ? gzip_beginning(bytes, longest_idx_header, file)
          : std::vector(bytes.begin(), bytes.begin() + std::ptrdiff_t(std::min(bytes.size(), longest_idx_header)));
  const std::optional<IdxNumbersHeader> numbers = idx_numbers_header(beginning, expected);
  if (content.gzipped)
    content.bytes =
        gunzip(bytes, numbers ? numbers->file_bytes() : read_idx_header(beginning, expected, file).file_bytes(), file);
  else
    content.bytes = std::move(bytes);
  if (numbers) content.bytes = plain_idx(content.bytes, *numbers, expected, file);
  // Of a gzip file the header is read again: what counts are the bytes whose checksum was verified.
  content.header = read_idx_header(content.bytes, expected, file);
  const std::uint64_t expected_bytes = content.header.file_bytes();
  if (content.bytes.size() != expected_bytes)
    throw input_error(
        {.file = file,
         .field = "length",
         .problem = content.bytes.size() < expected_bytes ? "file is cut off" : "trailing bytes behind the data",
         .expected = fmt::format("{} bytes by its header", with_commas(expected_bytes)),
         .got = fmt::format("{} bytes", with_commas(content.bytes.size()))});
  return content;
}

}  // namespace nib
