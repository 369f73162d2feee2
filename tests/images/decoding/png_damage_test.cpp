// What is wrong with PNG files, one line each.
#include <gmock/gmock.h>

#include "images/decoding/png_files.h"

namespace nib {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Bytes file_of(const std::vector<Bytes>& chunks) { return joined({png_signature(), joined(chunks)}); }

const PngPicture tiny{.rows = 2, .columns = 2, .samples = {0, 100, 200, 255}};
const Bytes end = png_chunk("IEND", {});

TEST(PngDamage, EveryCutIsNoticed) {
  expect_every_beginning_refused(small_png());
  expect_every_beginning_refused(
      png_file({.rows = 9, .columns = 9, .type = 3, .depth = 4, .interlaced = true, .samples = noise(81, 3)},
               joined({png_chunk("PLTE", Bytes(12, 7)), png_chunk("tRNS", {0, 9})})));
}

TEST(PngDamage, EveryFlippedByteIsNoticed) {
  const Bytes file = small_png();
  for (std::size_t index = 0; index < file.size(); ++index)
    for (const unsigned mask : {0x01u, 0x20u, 0x80u, 0xFFu}) {
      Bytes damaged = file;
      damaged[index] = static_cast<std::uint8_t>(damaged[index] ^ mask);
      EXPECT_NE(error_line(damaged), "") << index;
    }
}

TEST(PngDamage, ABadChecksumIsNamedWithItsChunk) {
  Bytes text = png_chunk("tEXt", bytes_of("abc"));
  text.back() = static_cast<std::uint8_t>(text.back() ^ 1);
  EXPECT_THAT(error_line(png_file(tiny, text)),
              StartsWith("FILE: PNG chunk tEXt at byte 33: checksum differs: the file is damaged (expected CRC 0x"));
  Bytes data = png_data(tiny);
  data[9] = static_cast<std::uint8_t>(data[9] ^ 1);
  EXPECT_THAT(error_line(file_of({png_header(tiny), data, end})),
              HasSubstr("PNG chunk IDAT at byte 33: checksum differs"));
}

TEST(PngDamage, ACutFileSaysWhere) {
  const Bytes file = small_png();
  EXPECT_EQ(error_line(part(file, 0, 50)), "FILE: PNG chunk IDAT at byte 33: file is cut off after 50 bytes");
  EXPECT_EQ(error_line(part(file, 0, file.size() - 12)), "FILE: PNG chunk at byte 80: file is cut off after 80 bytes");
}

TEST(PngDamage, AHugeHeaderIsRefusedFromTheHeaderAlone) {
  const Bytes header = png_header({.rows = 30'000, .columns = 30'000});
  const std::string line =
      "FILE: size: image is too large (expected at most 67,108,864 pixels, got 30,000 x 30,000 pixels)";
  EXPECT_EQ(error_line(file_of({header})), line);
  EXPECT_EQ(error_line(file_of({part(header, 0, header.size() - 4)})), line);
  EXPECT_EQ(error_line(file_of({png_header({.rows = 1, .columns = 0x7FFFFFFF})})),
            "FILE: size: image is too large (expected at most 32,768 a side, got 2,147,483,647 x 1 pixels)");
}

TEST(PngDamage, NoPixelsIsAnError) {
  EXPECT_EQ(error_line(file_of({png_header({.rows = 0, .columns = 7}), end})),
            "FILE: size: image has no pixels (got 7 x 0 pixels)");
}

TEST(PngDamage, AHeaderThatIsNoneIsRefused) {
  EXPECT_EQ(error_line(file_of({end})),
            "FILE: PNG chunk IEND at byte 8: PNG header is damaged (expected IHDR of 13 bytes, got IEND of 0 bytes)");
  EXPECT_THAT(error_line(file_of({png_header({.rows = 2, .columns = 2, .type = 5}), png_data(tiny), end})),
              StartsWith("FILE: PNG: cannot be decoded: "));
  EXPECT_THAT(error_line(file_of({png_header({.rows = 2, .columns = 2, .depth = 3}), png_data(tiny), end})),
              StartsWith("FILE: PNG: cannot be decoded: "));
}

TEST(PngDamage, AnAnimationIsRefused) {
  EXPECT_EQ(error_line(png_file(tiny, png_chunk("acTL", joined({big_endian(2), big_endian(0)})))),
            "FILE: PNG chunk acTL at byte 33: PNG is an animation (expected a still image)");
}

TEST(PngDamage, MissingDataAreNoticed) {
  const PngPicture taller{.rows = 3, .columns = 2};
  for (const Bytes& data : {Bytes{}, png_data(tiny), png_chunk("IDAT", {}), png_chunk("IDAT", bytes_of("nonsense")),
                            png_chunk("IDAT", zlib({}))})
    EXPECT_THAT(error_line(file_of({png_header(taller), data, end})), StartsWith("FILE: PNG: cannot be decoded: "));
}

TEST(PngDamage, DataInTwoPlacesAreRefused) {
  const Bytes data = png_data(tiny);
  EXPECT_EQ(error_line(file_of({png_header(tiny), data, png_chunk("tEXt", {}), data, end})),
            "FILE: PNG chunk IDAT at byte 74: image data are not in one piece");
}

TEST(PngDamage, APaletteImageNeedsItsPalette) {
  const PngPicture picture{.rows = 1, .columns = 1, .type = 3, .samples = {0}};
  EXPECT_THAT(error_line(png_file(picture)), StartsWith("FILE: PNG: cannot be decoded: "));
}

TEST(PngDamage, AnUnknownRowFilterIsRefused) {
  const Bytes raw = {9, 1, 2, 9, 3, 4};
  EXPECT_THAT(error_line(file_of({png_header(tiny), png_chunk("IDAT", zlib(raw)), end})),
              StartsWith("FILE: PNG: cannot be decoded: "));
}

TEST(PngDamage, AnUnknownCriticalChunkIsRefused) {
  EXPECT_THAT(error_line(png_file(tiny, png_chunk("ABCD", {}))), StartsWith("FILE: PNG: cannot be decoded: "));
}

TEST(PngDamage, AChunkTypeOfOtherBytesIsRefused) {
  const Bytes file = joined({png_signature(), png_header(tiny), Bytes(40, 0)});
  EXPECT_EQ(
      error_line(file),
      "FILE: PNG chunk at byte 33: no chunk type where one should be: the file is damaged (expected four letters, "
      "got 00 00 00 00)");
}

}  // namespace
}  // namespace nib
