#include "images/decoding/png_chunks.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <string_view>

#include "base/error.h"
#include "base/text.h"
#include "images/decoding/image_size.h"

namespace nib {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t signature_bytes = 8, length_bytes = 4, type_bytes = 4, crc_bytes = 4;
constexpr std::size_t frame_bytes = length_bytes + type_bytes + crc_bytes;  // all of a chunk but its content
constexpr std::size_t header_bytes = 13;                                    // content of IHDR

std::uint32_t big_endian(Bytes bytes) {
  return (std::uint32_t{bytes[0]} << 24) | (std::uint32_t{bytes[1]} << 16) | (std::uint32_t{bytes[2]} << 8) | bytes[3];
}

/// One chunk in its file.
struct Chunk {
  std::size_t begin = 0;
  std::string_view type{};
  Bytes content{}, whole{};

  bool critical() const { return (static_cast<unsigned char>(type[0]) & 0x20u) == 0; }
  std::string place() const { return fmt::format("PNG chunk {} at byte {}", type, with_commas(begin)); }
};

class ChunkWalk {
 public:
  ChunkWalk(Bytes file, const std::string& source) : file_(file), source_(source) {}

  PngChunks read() {
    keep(file_.first(signature_bytes));
    Chunk chunk = next_chunk();
    read_header(chunk);
    for (bool data_seen = false, data_ended = false; chunk.type != "IEND";) {
      check_crc(chunk);
      keep_what_matters(chunk);
      chunk = next_chunk();
      const bool data = chunk.type == "IDAT";
      if (data && data_ended) throw problem(chunk, "image data are not in one piece");
      data_ended = data_ended || (data_seen && !data);
      data_seen = data_seen || data;
    }
    check_crc(chunk);
    keep(chunk.whole);
    return chunks_;
  }

 private:
  Error problem(const Chunk& chunk, std::string what) const {
    return input_error({.file = source_, .field = chunk.place(), .problem = std::move(what)});
  }

  Error cut_off(std::string place) const {
    return input_error({.file = source_,
                        .field = std::move(place),
                        .problem = fmt::format("file is cut off after {} bytes", with_commas(file_.size())),
                        .hint = "the file looks like an incomplete copy or download"});
  }

  Chunk next_chunk() {
    const Bytes rest = file_.subspan(position_);
    if (rest.size() < length_bytes + type_bytes)
      throw cut_off(fmt::format("PNG chunk at byte {}", with_commas(position_)));
    Chunk chunk{.begin = position_, .type = {reinterpret_cast<const char*>(rest.data()) + length_bytes, type_bytes}};
    const bool letters = std::ranges::all_of(
        chunk.type, [](char byte) { return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z'); });
    if (!letters)
      throw input_error({.file = source_,
                         .field = fmt::format("PNG chunk at byte {}", with_commas(position_)),
                         .problem = "no chunk type where one should be: the file is damaged",
                         .expected = "four letters",
                         .got = fmt::format("{:02x}", fmt::join(rest.subspan(length_bytes, type_bytes), " "))});
    const std::uint64_t content = big_endian(rest);
    check_picture_begins(chunk, content);
    if (content + frame_bytes > rest.size()) {
      if (chunk.type == "IHDR" && rest.size() >= length_bytes + type_bytes + header_bytes)
        check_size(rest.subspan(length_bytes + type_bytes));
      throw cut_off(chunk.place());
    }
    chunk.content = rest.subspan(length_bytes + type_bytes, content);
    chunk.whole = rest.first(content + frame_bytes);
    position_ += chunk.whole.size();
    return chunk;
  }

  void check_picture_begins(const Chunk& chunk, std::uint64_t content) const {
    const bool first = chunk.begin == signature_bytes;
    if (first && (chunk.type != "IHDR" || content != header_bytes))
      throw input_error({.file = source_,
                         .field = chunk.place(),
                         .problem = "PNG header is damaged",
                         .expected = fmt::format("IHDR of {} bytes", header_bytes),
                         .got = fmt::format("{} of {} bytes", chunk.type, with_commas(content))});
  }

  void check_crc(const Chunk& chunk) const {
    const std::uint32_t stored = big_endian(chunk.whole.last(crc_bytes));
    const std::uint32_t actual =
        libdeflate_crc32(0, chunk.whole.data() + length_bytes, type_bytes + chunk.content.size());
    if (stored != actual)
      throw input_error({.file = source_,
                         .field = chunk.place(),
                         .problem = "checksum differs: the file is damaged",
                         .expected = fmt::format("CRC 0x{:08x} by its content", actual),
                         .got = fmt::format("0x{:08x}", stored)});
  }

  void check_size(Bytes header) {
    chunks_.columns = big_endian(header);
    chunks_.rows = big_endian(header.subspan(4));
    check_image_size(chunks_.rows, chunks_.columns, source_);
  }

  void read_header(const Chunk& chunk) {
    check_crc(chunk);
    check_size(chunk.content);
  }

  void keep_what_matters(const Chunk& chunk) {
    if (chunk.type == "acTL")
      throw input_error({.file = source_,
                         .field = chunk.place(),
                         .problem = "PNG is an animation",
                         .expected = "a still image",
                         .hint = "save one frame of it as PNG"});
    if (chunk.type == "tRNS") chunks_.transparency = true;
    if (chunk.critical() || chunk.type == "tRNS") keep(chunk.whole);
    if (chunk.type == "eXIf") chunks_.exif = chunk.content;
  }

  /// Pieces that touch become one, so that there are few however many chunks there are.
  void keep(Bytes piece) {
    auto& kept = chunks_.picture;
    if (!kept.empty() && kept.back().data() + kept.back().size() == piece.data())
      kept.back() = {kept.back().data(), kept.back().size() + piece.size()};
    else
      kept.push_back(piece);
  }

  Bytes file_;
  const std::string& source_;
  std::size_t position_ = signature_bytes;
  PngChunks chunks_{};
};

}  // namespace

PngChunks read_png_chunks(Bytes file, const std::string& source) { return ChunkWalk(file, source).read(); }

}  // namespace nib
