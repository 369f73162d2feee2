#include "encodings/gzip.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <memory>
#include <new>

#include "base/error.h"
#include "base/text.h"

namespace nib {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint8_t deflate_method = 8;
constexpr std::size_t fixed_header_bytes = 10;
constexpr std::size_t trailer_bytes = 8;
enum Flag : unsigned { has_header_crc = 2, has_extra = 4, has_name = 8, has_comment = 16, reserved = 0xE0 };

std::uint32_t little_endian(Bytes bytes, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t index = count; index-- > 0;) value = (value << 8) | bytes[index];
  return value;
}

std::string at_byte(const std::string& what, std::size_t offset) {
  return fmt::format("{} at byte {}", what, with_commas(offset));
}

Error cut_off(const std::string& file, const std::string& part, std::size_t file_bytes) {
  return input_error({.file = file,
                      .field = at_byte("gzip", file_bytes),
                      .problem = "file ends inside a gzip " + part,
                      .hint = "the file looks like an incomplete copy or download"});
}

/// One member of a gzip file: where its header begins, and how long that is.
class MemberHeader {
 public:
  MemberHeader(Bytes file_bytes, std::size_t begin, const std::string& file)
      : bytes_(file_bytes), begin_(begin), end_(begin), file_(file) {}

  /// Checks the header and gives the offset of the compressed data behind it.
  std::size_t check() {
    check_magic();
    skip(fixed_header_bytes);
    const unsigned method = bytes_[begin_ + 2], flags = bytes_[begin_ + 3];
    if (method != deflate_method)
      throw input_error({.file = file_,
                         .field = at_byte("gzip method", begin_ + 2),
                         .problem = "unknown compression method",
                         .expected = "8 (deflate)",
                         .got = std::to_string(method)});
    if ((flags & reserved) != 0)
      throw input_error({.file = file_,
                         .field = at_byte("gzip flags", begin_ + 3),
                         .problem = "reserved flags are set",
                         .expected = "0x00 to 0x1f",
                         .got = fmt::format("0x{:02x}", flags)});
    if ((flags & has_extra) != 0) {
      skip(2);
      skip(little_endian(bytes_.subspan(end_ - 2), 2));
    }
    if ((flags & has_name) != 0) skip_text();
    if ((flags & has_comment) != 0) skip_text();
    if ((flags & has_header_crc) != 0) check_header_crc();
    return end_;
  }

 private:
  void check_magic() const {
    const Bytes rest = bytes_.subspan(begin_);
    const bool first = begin_ == 0;
    if (rest.empty()) throw input_error({.file = file_, .problem = "file is empty", .expected = "a gzip file"});
    if (rest[0] == 0x1F && (rest.size() < 2 || rest[1] == 0x8B)) return;
    if (!first)
      throw input_error({.file = file_,
                         .field = at_byte("gzip", begin_),
                         .problem = "trailing bytes behind the gzip data",
                         .expected = with_commas(begin_) + " bytes",
                         .got = with_commas(bytes_.size()) + " bytes"});
    throw input_error(
        {.file = file_,
         .field = at_byte("gzip magic", 0),
         .problem = "not a gzip file",
         .expected = "1f 8b",
         .got = fmt::format("{:02x}", fmt::join(rest.first(std::min<std::size_t>(rest.size(), 2)), " "))});
  }

  void skip(std::size_t count) {
    if (bytes_.size() - end_ < count) throw cut_off(file_, "header", bytes_.size());
    end_ += count;
  }

  void skip_text() {
    const auto rest = bytes_.subspan(end_);
    skip(static_cast<std::size_t>(std::find(rest.begin(), rest.end(), 0) - rest.begin()) + 1);
  }

  void check_header_crc() {
    const std::uint32_t actual = libdeflate_crc32(0, bytes_.data() + begin_, end_ - begin_) & 0xFFFFu;
    skip(2);
    const std::uint32_t stored = little_endian(bytes_.subspan(end_ - 2), 2);
    if (stored != actual)
      throw input_error({.file = file_,
                         .field = at_byte("gzip header checksum", end_ - 2),
                         .problem = "gzip header is damaged",
                         .expected = fmt::format("0x{:04x}", actual),
                         .got = fmt::format("0x{:04x}", stored)});
  }

  Bytes bytes_;
  std::size_t begin_, end_;
  const std::string& file_;
};

void check_trailer(Bytes file_bytes, std::size_t begin, Bytes content, const std::string& file) {
  if (file_bytes.size() - begin < trailer_bytes) throw cut_off(file, "trailer", file_bytes.size());
  const Bytes trailer = file_bytes.subspan(begin);
  const std::uint32_t stored_crc = little_endian(trailer, 4), stored_size = little_endian(trailer.subspan(4), 4);
  const std::uint32_t crc = libdeflate_crc32(0, content.data(), content.size());
  if (stored_crc != crc)
    throw input_error({.file = file,
                       .field = at_byte("gzip CRC-32", begin),
                       .problem = "checksum differs: the file is damaged",
                       .expected = fmt::format("0x{:08x} by its content", crc),
                       .got = fmt::format("0x{:08x}", stored_crc)});
  if (stored_size != static_cast<std::uint32_t>(content.size()))
    throw input_error({.file = file,
                       .field = at_byte("gzip ISIZE", begin + 4),
                       .problem = "length differs: the file is damaged",
                       .expected = with_commas(content.size()) + " by its content",
                       .got = with_commas(stored_size)});
}

struct Inflated {
  std::size_t bytes = 0;  ///< of whole members
  bool complete = false;  ///< false: there is more than the output could take, which is full of it
};

Inflated inflate_members(Bytes compressed, std::span<std::uint8_t> output, const std::string& file) {
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> decompressor(
      libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
  if (!decompressor) throw std::bad_alloc();

  std::size_t read = 0, made = 0;
  do {
    const std::size_t data = MemberHeader(compressed, read, file).check();
    std::size_t data_bytes = 0, content_bytes = 0;
    const libdeflate_result result =
        libdeflate_deflate_decompress_ex(decompressor.get(), compressed.data() + data, compressed.size() - data,
                                         output.data() + made, output.size() - made, &data_bytes, &content_bytes);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE) return {made, false};
    if (result != LIBDEFLATE_SUCCESS)
      throw input_error({.file = file,
                         .field = at_byte("gzip data", data),
                         .problem = "compressed data are damaged or cut off",
                         .hint = "the file looks like an incomplete copy or download"});
    check_trailer(compressed, data + data_bytes, output.subspan(made, content_bytes), file);
    read = data + data_bytes + trailer_bytes;
    made += content_bytes;
  } while (read < compressed.size());
  return {made, true};
}

}  // namespace

std::vector<std::uint8_t> gzip_beginning(Bytes compressed, std::size_t wanted, const std::string& file) {
  // libdeflate writes in order, and stops where a match (258 bytes) or a stored block (65,535) no longer fits: with so
  // much room to spare, the wanted bytes are there when it reports that the output is too small.
  constexpr std::size_t largest_piece = 65535;
  std::vector<std::uint8_t> beginning(wanted + largest_piece);
  const Inflated inflated = inflate_members(compressed, beginning, file);
  beginning.resize(inflated.complete ? std::min(inflated.bytes, wanted) : wanted);
  return beginning;
}

std::uint64_t largest_gzip_content(std::uint64_t compressed) {
  constexpr std::uint64_t deflate_ratio = 1032, plausible_ratio = 100, always_plausible = std::uint64_t{64} << 20;
  return std::min(compressed * deflate_ratio, std::max(compressed * plausible_ratio, always_plausible));
}

std::vector<std::uint8_t> gunzip(Bytes compressed, std::uint64_t size, const std::string& file) {
  const std::uint64_t most = largest_gzip_content(compressed.size());
  if (size > most)
    throw input_error({.file = file,
                       .field = "length",
                       .problem = "header declares more than so small a gzip file can hold",
                       .expected = fmt::format("at most {} bytes", with_commas(most)),
                       .got = fmt::format("{} bytes", with_commas(size))});
  std::vector<std::uint8_t> content(size);
  const Inflated inflated = inflate_members(compressed, content, file);
  if (!inflated.complete || inflated.bytes != size)
    throw input_error({.file = file,
                       .field = "length",
                       .problem = "content is not as long as its header declares",
                       .expected = fmt::format("{} bytes", with_commas(size)),
                       .got = inflated.complete ? fmt::format("{} bytes", with_commas(inflated.bytes)) : "more"});
  return content;
}

}  // namespace nib
