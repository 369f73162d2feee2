// JPEG: colours, reduction, orientation. What goes through a lossy code is compared with a tolerance of 3 of 255.
#include <gmock/gmock.h>

#include <array>

#include "images/decoding/decode.h"
#include "images/decoding/jpeg_files.h"

namespace nib {
namespace {

constexpr int tolerance = 3;

/// An image of one colour.
JpegPicture uniform(JpegColours colours, const Bytes& colour, std::uint32_t rows = 20, std::uint32_t columns = 30) {
  JpegPicture picture{.rows = rows, .columns = columns, .colours = colours};
  for (std::size_t pixel = 0; pixel < std::size_t{rows} * columns; ++pixel)
    picture.samples.insert(picture.samples.end(), colour.begin(), colour.end());
  return picture;
}

void expect_uniform(const JpegPicture& picture, int light) {
  const GreyImage image = decode_image(jpeg_file(picture), "test.jpg");
  EXPECT_EQ(image.rows, picture.rows);
  EXPECT_EQ(image.columns, picture.columns);
  ASSERT_EQ(image.light.size(), image.rows * image.columns);
  for (const std::uint8_t pixel : image.light) ASSERT_NEAR(pixel, light, tolerance);
}

/// A horizontal ramp from 0 to 255 with a bright block in the upper left corner.
JpegPicture ramp(std::uint32_t rows, std::uint32_t columns) {
  JpegPicture picture{.rows = rows, .columns = columns};
  for (std::uint32_t row = 0; row < rows; ++row)
    for (std::uint32_t column = 0; column < columns; ++column)
      picture.samples.push_back(
          static_cast<std::uint8_t>(row < rows / 4 && column < columns / 4 ? 255 : column * 255 / (columns - 1)));
  return picture;
}

TEST(Jpeg, GreyIsKept) {
  for (const bool progressive : {false, true}) {
    JpegPicture picture = ramp(64, 256);
    picture.progressive = progressive;
    const GreyImage image = decode_image(jpeg_file(picture), "test.jpg");
    ASSERT_EQ(image.light.size(), picture.samples.size());
    for (std::size_t row = 40; row < 64; ++row)
      for (std::size_t column = 0; column < 256; ++column)
        ASSERT_NEAR(image.at(row, column), static_cast<double>(column), tolerance);
    EXPECT_NEAR(image.at(3, 3), 255, tolerance);
  }
}

TEST(Jpeg, ColoursBecomeTheirLuma) {
  for (const JpegColours colours : {JpegColours::ycbcr, JpegColours::rgb}) {
    expect_uniform(uniform(colours, {255, 0, 0}), 76);
    expect_uniform(uniform(colours, {0, 255, 0}), 150);
    expect_uniform(uniform(colours, {0, 0, 255}), 29);
    expect_uniform(uniform(colours, {200, 200, 200}), 200);
  }
}

TEST(Jpeg, ProgressiveColoursBecomeTheirLuma) {
  JpegPicture picture = uniform(JpegColours::ycbcr, {10, 200, 100});
  picture.progressive = true;
  expect_uniform(picture, 132);
}

TEST(Jpeg, InksThatAdobeInvertsAreSeenAsPrinted) {
  for (const JpegColours colours : {JpegColours::cmyk, JpegColours::ycck}) {
    expect_uniform(uniform(colours, {255, 255, 255, 255}), 255);
    expect_uniform(uniform(colours, {255, 255, 255, 0}), 0);
    expect_uniform(uniform(colours, {0, 255, 255, 255}), 179);    // cyan
    expect_uniform(uniform(colours, {255, 255, 255, 100}), 100);  // some black
  }
}

TEST(Jpeg, InksWithoutAdobesMarkerCountFromNone) {
  JpegPicture paper = uniform(JpegColours::cmyk, {0, 0, 0, 0}), ink = uniform(JpegColours::cmyk, {0, 0, 0, 255});
  paper.adobe_marker = ink.adobe_marker = false;
  expect_uniform(paper, 255);
  expect_uniform(ink, 0);
}

TEST(Jpeg, LargeOnesAreDecodedAtTheScaleThatFits) {
  const GreyImage image = decode_image(jpeg_file(ramp(2500, 3000)), "test.jpg");
  EXPECT_EQ(image.rows, 1563u);  // five eighths
  ASSERT_EQ(image.columns, 1875u);
  EXPECT_NEAR(image.at(10, 10), 255, tolerance);
  for (std::size_t column = 0; column < image.columns; column += 50)
    EXPECT_NEAR(image.at(1000, column), static_cast<double>(column) * 255 / 1875, tolerance);
}

TEST(Jpeg, OnesLargerThanEveryScaleAreReducedFurther) {
  const GreyImage image = decode_image(jpeg_file(ramp(80, 30'000)), "test.jpg");
  EXPECT_EQ(image.columns, 1875u);  // an eighth, and boxes of two
  EXPECT_EQ(image.rows, 5u);
  for (std::size_t column = 0; column < image.columns; column += 50)
    EXPECT_NEAR(image.at(4, column), static_cast<double>(column) * 255 / 1875, tolerance);
}

TEST(Jpeg, WhatFollowsItsEndIsIgnored) {
  const Bytes file = small_jpeg(false);
  EXPECT_EQ(decode_image(joined({file, bytes_of("a second image, as phones add it")}), "test.jpg").light,
            decode_image(file, "test.jpg").light);
}

/// EXIF data as APP1 has them, with two entries: some other one and the orientation.
Bytes exif_segment(bool little, std::uint32_t orientation) {
  const auto number = [&](std::uint32_t value, std::size_t size) {
    const Bytes bytes = little_endian(value, size);
    return little ? bytes : Bytes(bytes.rbegin(), bytes.rend());
  };
  return joined({bytes_of("Exif"), Bytes(2), bytes_of(little ? "II" : "MM"), number(42, 2), number(8, 4), number(2, 2),
                 number(0x0100, 2), number(4, 2), number(1, 4), number(24, 4),                     // width
                 number(0x0112, 2), number(3, 2), number(1, 4), number(orientation, 2), Bytes(2),  // orientation
                 number(0, 4)});
}

/// Upper left, upper right, lower left, lower right as a person sees them, of a file that has 0, 80, 160 and 240 there.
struct Seen {
  std::uint32_t orientation;
  std::array<int, 4> corners;
};

TEST(Jpeg, IsTurnedAsItsExifSays) {
  JpegPicture picture{.rows = 16, .columns = 32};
  for (int row = 0; row < 16; ++row)
    for (int column = 0; column < 32; ++column)
      picture.samples.push_back(static_cast<std::uint8_t>((row < 8 ? 0 : 160) + (column < 16 ? 0 : 80)));
  constexpr std::array<Seen, 10> all = {{{0, {0, 80, 160, 240}},
                                         {1, {0, 80, 160, 240}},
                                         {2, {80, 0, 240, 160}},
                                         {3, {240, 160, 80, 0}},
                                         {4, {160, 240, 0, 80}},
                                         {5, {0, 160, 80, 240}},
                                         {6, {160, 0, 240, 80}},
                                         {7, {240, 80, 160, 0}},
                                         {8, {80, 240, 0, 160}},
                                         {9, {0, 80, 160, 240}}}};
  for (const bool little : {false, true})
    for (const Seen& seen : all) {
      picture.app1 = exif_segment(little, seen.orientation);
      const GreyImage image = decode_image(jpeg_file(picture), "test.jpg");
      const bool lying = seen.orientation < 5 || seen.orientation > 8;
      EXPECT_EQ(image.rows, lying ? 16u : 32u) << seen.orientation;
      ASSERT_EQ(image.columns, lying ? 32u : 16u) << seen.orientation;
      EXPECT_NEAR(image.at(2, 2), seen.corners[0], tolerance) << seen.orientation;
      EXPECT_NEAR(image.at(2, image.columns - 3), seen.corners[1], tolerance) << seen.orientation;
      EXPECT_NEAR(image.at(image.rows - 3, 2), seen.corners[2], tolerance) << seen.orientation;
      EXPECT_NEAR(image.at(image.rows - 3, image.columns - 3), seen.corners[3], tolerance) << seen.orientation;
    }
}

}  // namespace
}  // namespace nib
