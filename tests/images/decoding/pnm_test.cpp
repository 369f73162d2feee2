// PBM, PGM and PPM, plain and raw, and what is wrong with them.
#include <gmock/gmock.h>

#include "images/decoding/decode.h"
#include "images/decoding/image_files.h"

namespace nib {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Bytes light(const Bytes& file) { return decode_image(file, "test.pnm").light; }
Bytes light(std::string_view text) { return light(bytes_of(text)); }
std::string line(std::string_view text) { return error_line(bytes_of(text)); }

TEST(Pnm, ReadsPlainBitmaps) {
  EXPECT_THAT(light("P1\n3 2\n1 0 1\n0 1 0\n"), ElementsAre(0, 255, 0, 255, 0, 255));
  EXPECT_THAT(light("P1 3 2 101010"), ElementsAre(0, 255, 0, 255, 0, 255));
}

TEST(Pnm, ReadsPlainGreymaps) {
  EXPECT_THAT(light("P2\n3 1\n255\n0 7 255\n"), ElementsAre(0, 7, 255));
  EXPECT_THAT(light("P2 3 1 15 0 1 15"), ElementsAre(0, 17, 255));
  EXPECT_THAT(light("P2 4 1 65535 0 32767 32768 65535"), ElementsAre(0, 127, 128, 255));
}

TEST(Pnm, ReadsPlainColours) { EXPECT_THAT(light("P3 2 1 255 255 0 0 0 0 255"), ElementsAre(76, 29)); }

TEST(Pnm, ReadsRawBitmapsWhoseRowsFillWholeBytes) {
  EXPECT_THAT(light(joined({bytes_of("P4\n9 2\n"), {0b10000000, 0b10000000, 0b01111111, 0b01111111}})),
              ElementsAre(0, 255, 255, 255, 255, 255, 255, 255, 0,  //
                          255, 0, 0, 0, 0, 0, 0, 0, 255));
}

TEST(Pnm, ReadsRawGreymaps) {
  EXPECT_THAT(light(joined({bytes_of("P5 3 1 255\n"), {0, 10, 255}})), ElementsAre(0, 10, 255));
  EXPECT_THAT(light(joined({bytes_of("P5 2 1 65535\n"), {0x12, 0x34, 0xFF, 0xFF}})), ElementsAre(18, 255));
  EXPECT_THAT(light(joined({bytes_of("P5 2 1 1000\n"), {0x01, 0xF4, 0x03, 0xE8}})), ElementsAre(128, 255));
}

TEST(Pnm, ReadsRawColours) {
  EXPECT_THAT(light(joined({bytes_of("P6 2 1 255\n"), {255, 0, 0, 0, 255, 0}})), ElementsAre(76, 150));
  EXPECT_THAT(light(joined({bytes_of("P6 1 1 65535\n"), {0, 0, 0, 0, 255, 255}})), ElementsAre(29));
}

TEST(Pnm, CommentsMayStandBetweenNumbers) {
  EXPECT_THAT(light("P2#who\n# made it\r3#wide\n1 #high\n255\n0 # first\n7 255 # the end"), ElementsAre(0, 7, 255));
}

TEST(Pnm, BlanksMayFollow) {
  EXPECT_THAT(light("P2 1 1 255 9 \n\t\r\n"), ElementsAre(9));
  EXPECT_THAT(light(joined({bytes_of("P5 1 1 255\n"), {9, '\n'}})), ElementsAre(9));
}

TEST(Pnm, LargeOnesAreReduced) {
  Bytes file = bytes_of("P5 5000 3 255\n");
  for (std::size_t pixel = 0; pixel < 15'000; ++pixel)
    file.push_back(static_cast<std::uint8_t>(pixel % 5000 / 3 % 256));
  const GreyImage image = decode_image(file, "test.pgm");
  EXPECT_EQ(image.rows, 1u);
  ASSERT_EQ(image.columns, 1667u);
  for (std::size_t column = 0; column < image.columns; ++column) EXPECT_EQ(image.light[column], column % 256);
}

TEST(Pnm, EveryCutIsNoticed) {
  expect_every_beginning_refused(bytes_of("P1\n3 2\n1 0 1\n0 1 0"));
  expect_every_beginning_refused(bytes_of("P2\n3 1\n255\n0 7 5"));
  expect_every_beginning_refused(bytes_of("P3\n1 1\n255\n0 7 5"));
  expect_every_beginning_refused(joined({bytes_of("P4\n9 2\n"), {1, 2, 3, 4}}));
  expect_every_beginning_refused(joined({bytes_of("P5\n3 2\n255\n"), {1, 2, 3, 4, 5, 6}}));
  expect_every_beginning_refused(joined({bytes_of("P6\n1 1\n65535\n"), {1, 2, 3, 4, 5, 6}}));
}

TEST(Pnm, MissingNumbersAreNamed) {
  EXPECT_EQ(line("P5 "),
            "FILE: width at byte 3: file is cut off (expected 0 to 4,294,967,295, got the end of the file)");
  EXPECT_EQ(line("P5 7\n"),
            "FILE: height at byte 5: file is cut off (expected 0 to 4,294,967,295, got the end of the file)");
  EXPECT_EQ(line("P5 7 x"), "FILE: height at byte 5: not a number (expected 0 to 4,294,967,295, got byte 0x78)");
  EXPECT_EQ(line("P5 7 -5 255\n"), "FILE: height at byte 5: not a number (expected 0 to 4,294,967,295, got byte 0x2d)");
  EXPECT_EQ(line("P2 2 1 255 7"),
            "FILE: sample at byte 12: file is cut off (expected 0 to 255, got the end of the file)");
  EXPECT_EQ(line("P2 2 1 255 7 0x1F"), "FILE: sample at byte 13: not a number (expected 0 to 255, got byte 0x78)");
  EXPECT_EQ(line("P1 2 1 12"), "FILE: pixel at byte 8: neither 0 nor 1 (expected 0 or 1, got byte 0x32)");
}

TEST(Pnm, NumbersOutOfRangeAreNamed) {
  EXPECT_EQ(line("P5 1 1 65536\nx"),
            "FILE: largest sample at byte 7: number is too large (expected 1 to 65,535, got 65,536)");
  EXPECT_EQ(line("P5 1 1 0\nx"), "FILE: largest sample at byte 7: number is too small (expected 1 to 65,535, got 0)");
  EXPECT_EQ(line("P5 99999999999999999999999 1 255\nx"),
            "FILE: width at byte 3: number is too large (expected 0 to 4,294,967,295, got more)");
  EXPECT_EQ(line("P2 1 1 100 101"), "FILE: sample at byte 11: number is too large (expected 0 to 100, got 101)");
  EXPECT_EQ(line("P5 1 1 100\nz"),
            "FILE: pixels: a sample is larger than the header allows (expected at most 100, got 122)");
}

TEST(Pnm, SizesOutOfRangeAreRefused) {
  EXPECT_EQ(line("P4 0 5\n"), "FILE: size: image has no pixels (got 0 x 5 pixels)");
  EXPECT_EQ(line("P6 30000 30000 255\n"),
            "FILE: size: image is too large (expected at most 67,108,864 pixels, got 30,000 x 30,000 pixels)");
  EXPECT_EQ(
      line("P1 4294967295 4294967295\n"),
      "FILE: size: image is too large (expected at most 32,768 a side, got 4,294,967,295 x 4,294,967,295 pixels)");
}

TEST(Pnm, ACutRawFileSaysHowMuchIsMissing) {
  EXPECT_EQ(line("P5 4 4 255\nabc"),
            "FILE: pixels: file is cut off (expected 16 bytes of pixels by its header, got 3 bytes)");
}

TEST(Pnm, MoreThanOneImageIsRefused) {
  EXPECT_EQ(line("P5 1 1 255\nxP5 1 1 255\nx"),
            "FILE: end at byte 12: more follows behind the image (got 12 bytes more)");
  EXPECT_THAT(line("P2 1 1 255 7 8"), HasSubstr("more follows behind the image"));
}

TEST(Pnm, ARawHeaderEndsWithABlank) {
  EXPECT_THAT(line("P5 1 1 255#x\n9"), HasSubstr("header at byte 10: no blank ends the header"));
}

}  // namespace
}  // namespace nib
