#include "images/decoding/webp_chunks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "base/error.h"
#include "base/text.h"
#include "images/decoding/image_size.h"

namespace nib {
namespace {

using Bytes = std::span<const std::uint8_t>;
using namespace std::string_view_literals;

constexpr std::size_t type_bytes = 4, frame_bytes = 8;                 // a chunk's type, and its length behind that
constexpr std::size_t first_chunk = 12, extended_header = 10;          // bytes before it; bytes of VP8X
constexpr std::uint8_t animated = 0x02;                                // of VP8X's flags
constexpr std::array picture_chunks = {"VP8 "sv, "VP8L"sv, "VP8X"sv};  // one of which comes first

std::uint32_t little_endian(Bytes bytes, std::size_t offset, std::size_t size) {
  std::uint32_t value = 0;
  while (size-- > 0) value = value << 8 | bytes[offset + size];
  return value;
}

class ChunkWalk {
 public:
  ChunkWalk(Bytes file, const std::string& source) : file_(file), source_(source) {}

  WebpChunks read() {
    chunks_.picture = file_.first(end_of_riff());
    std::size_t begin = first_chunk;
    for (; begin + frame_bytes <= chunks_.picture.size(); begin = next_) read_chunk(begin);
    if (begin == first_chunk) throw damaged(begin, "no room for a picture", "a chunk");
    return chunks_;
  }

 private:
  static std::string place(std::size_t begin) { return fmt::format("WebP chunk at byte {}", with_commas(begin)); }

  Error damaged(std::size_t begin, std::string problem, std::string expected, std::string got = "") const {
    return input_error({.file = source_,
                        .field = place(begin),
                        .problem = std::move(problem) + ": the file is damaged",
                        .expected = std::move(expected),
                        .got = std::move(got)});
  }

  std::size_t end_of_riff() const {
    const std::uint64_t end = std::uint64_t{little_endian(file_, type_bytes, 4)} + frame_bytes;
    if (end > file_.size())
      throw input_error({.file = source_,
                         .field = "WebP",
                         .problem = "file is cut off",
                         .expected = with_commas(end) + " bytes by its header",
                         .got = with_commas(file_.size()),
                         .hint = "the file looks like an incomplete copy or download"});
    if (end < first_chunk) throw damaged(0, "header is shorter than itself", "at least 4 bytes", with_commas(end - 8));
    return end;
  }

  void read_chunk(std::size_t begin) {
    const Bytes rest = chunks_.picture.subspan(begin);
    const std::string_view type(reinterpret_cast<const char*>(rest.data()), type_bytes);
    const std::uint64_t length = little_endian(rest, type_bytes, 4);
    if (begin == first_chunk && std::ranges::find(picture_chunks, type) == picture_chunks.end())
      throw damaged(begin, "no picture where one should begin", "VP8, VP8L or VP8X",
                    fmt::format("{:02x}", fmt::join(rest.first(type_bytes), " ")));
    if (length > rest.size() - frame_bytes)
      throw damaged(begin, "content ends behind the file's own end",
                    fmt::format("at most {} bytes", with_commas(rest.size() - frame_bytes)), with_commas(length));
    const Bytes content = rest.subspan(frame_bytes, length);
    if (type == "VP8X") read_extended_header(begin, content);
    if (type == "EXIF") chunks_.exif = without_prefix(content);
    next_ = begin + frame_bytes + length + length % 2;
  }

  void read_extended_header(std::size_t begin, Bytes content) const {
    if (content.size() < extended_header)
      throw damaged(begin, "header is too short", fmt::format("{} bytes", extended_header),
                    with_commas(content.size()));
    if ((content[0] & animated) != 0)
      throw input_error({.file = source_,
                         .field = place(begin),
                         .problem = "WebP is an animation",
                         .expected = "a still image",
                         .hint = "save one frame of it: webpmux -get frame 1 FILE.webp -o FRAME.webp"});
    check_image_size(std::uint64_t{little_endian(content, 7, 3)} + 1, std::uint64_t{little_endian(content, 4, 3)} + 1,
                     source_);
  }

  /// Some programs put before the EXIF data what stands before them in a JPEG.
  static Bytes without_prefix(Bytes exif) {
    constexpr auto prefix = "Exif\0\0"sv;
    const bool prefixed = exif.size() >= prefix.size() &&
                          std::ranges::equal(exif.first(prefix.size()), prefix, {}, {},
                                             [](char letter) { return static_cast<std::uint8_t>(letter); });
    return prefixed ? exif.subspan(prefix.size()) : exif;
  }

  Bytes file_;
  const std::string& source_;
  WebpChunks chunks_{};
  std::size_t next_ = 0;
};

}  // namespace

WebpChunks read_webp_chunks(Bytes file, const std::string& source) { return ChunkWalk(file, source).read(); }

}  // namespace nib
