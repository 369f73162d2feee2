// What is wrong with WebP files, one line each.
#include <gmock/gmock.h>

#include "base/error.h"
#include "images/decoding/decode.h"
#include "images/decoding/webp.h"
#include "images/decoding/webp_files.h"

namespace nib {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::uint8_t animated = 0x02;

TEST(WebpDamage, EveryCutIsNoticed) {
  for (const bool lossless : {true, false}) {
    const Bytes file = small_webp(lossless);
    expect_every_beginning_refused(file);
    expect_every_beginning_refused(with_exif(file, 16, 24, bytes_of("II*")));
  }
}

TEST(WebpDamage, ACutFileIsCalledSo) {
  const Bytes file = small_webp(false);
  EXPECT_EQ(error_line(part(file, 0, 30)),
            "FILE: WebP: file is cut off (expected " + std::to_string(file.size()) + " bytes by its header, got 30)");
}

/// Cut, and its lengths set right: only the decoder itself can notice.
TEST(WebpDamage, DataThatEndBeforeThePictureAreNoticed) {
  const auto content = [](const Bytes& file) { return part(file, 20, file.size()); };
  for (const bool lossless : {true, false}) {
    const Bytes data = content(small_webp(lossless));
    for (std::size_t size = 0; size < data.size() / 2; ++size)
      EXPECT_THAT(error_line(riff(webp_chunk(lossless ? "VP8L" : "VP8 ", part(data, 0, size)))),
                  StartsWith("FILE: WebP: cannot be decoded: "))
          << size;
  }
}

TEST(WebpDamage, FlippedBytesNeverDoWorseThanAnErrorOrAnImage) {
  for (const bool lossless : {true, false}) {
    const Bytes file = small_webp(lossless);
    for (std::size_t index = 0; index < file.size(); ++index)
      for (const unsigned mask : {0x01u, 0x10u, 0x80u, 0xFFu}) {
        Bytes damaged = file;
        damaged[index] = static_cast<std::uint8_t>(damaged[index] ^ mask);
        try {
          const GreyImage image = decode_image(damaged, "FILE");
          EXPECT_EQ(image.light.size(), image.rows * image.columns) << index;
          EXPECT_LE(std::max(image.rows, image.columns), largest_decoded_side) << index;
        } catch (const Error& error) {
          EXPECT_EQ(error.code(), ExitCode::bad_input) << error.what();
        }
      }
  }
}

/// VP8L: a byte 0x2f, then columns and rows less one in 14 bits each.
Bytes lossless_of_size(std::uint32_t rows, std::uint32_t columns) {
  const std::uint32_t packed = (columns - 1) | (rows - 1) << 14;
  return riff(webp_chunk("VP8L", joined({{0x2f}, little_endian(packed, 4), Bytes(40)})));
}

TEST(WebpDamage, TooLargeOnesAreRefusedFromTheHeader) {
  EXPECT_EQ(error_line(lossless_of_size(16'000, 16'000)),
            "FILE: size: image is too large (expected at most 67,108,864 pixels, got 16,000 x 16,000 pixels)");
  EXPECT_EQ(error_line(lossless_of_size(8'000, 8'000)),
            "FILE: WebP: decoding it needs too much memory (expected at most 41,943,040 pixels of a lossless one, got "
            "64,000,000)");
  EXPECT_EQ(error_line(riff(webp_chunk("VP8X", extended_header(0, 1 << 24, 10)))),
            "FILE: size: image is too large (expected at most 32,768 a side, got 10 x 16,777,216 pixels)");
}

TEST(WebpDamage, AnAnimationIsRefused) {
  const Bytes file =
      riff(joined({webp_chunk("VP8X", extended_header(animated, 16, 24)), webp_chunk("ANIM", Bytes(6))}));
  EXPECT_EQ(error_line(file), "FILE: WebP chunk at byte 12: WebP is an animation (expected a still image)");
}

TEST(WebpDamage, DamagedChunksAreNamed) {
  EXPECT_EQ(error_line(riff({})),
            "FILE: WebP chunk at byte 12: no room for a picture: the file is damaged (expected a chunk)");
  EXPECT_EQ(
      error_line(riff(webp_chunk("JUNK", Bytes(4)))),
      "FILE: WebP chunk at byte 12: no picture where one should begin: the file is damaged (expected VP8, VP8L or "
      "VP8X, got 4a 55 4e 4b)");
  EXPECT_EQ(error_line(riff(webp_chunk("VP8X", Bytes(9)))),
            "FILE: WebP chunk at byte 12: header is too short: the file is damaged (expected 10 bytes, got 9)");
  EXPECT_EQ(
      error_line(riff(joined({bytes_of("VP8L"), little_endian(0xFFFFFFFF, 4), Bytes(50)}))),
      "FILE: WebP chunk at byte 12: content ends behind the file's own end: the file is damaged (expected at most "
      "50 bytes, got 4,294,967,295)");
  EXPECT_EQ(
      error_line(joined({bytes_of("RIFF"), little_endian(3, 4), bytes_of("WEBP")})),
      "FILE: WebP chunk at byte 0: header is shorter than itself: the file is damaged (expected at least 4 bytes, "
      "got 3)");
  EXPECT_THAT(error_line(riff(webp_chunk("VP8X", extended_header(0, 16, 24)))), HasSubstr("WebP: cannot be decoded: "));
}

}  // namespace
}  // namespace nib
