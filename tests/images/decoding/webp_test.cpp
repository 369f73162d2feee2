// WebP, lossless and lossy, of libwebp's encoder.
#include <gmock/gmock.h>

#include <cmath>

#include "images/decoding/decode.h"
#include "images/decoding/orientation.h"
#include "images/decoding/webp_files.h"

namespace nib {
namespace {

using testing::ElementsAre;

Bytes noisy_bytes(std::size_t count) {
  const auto numbers = noise(count, 255);
  return {numbers.begin(), numbers.end()};
}

/// TIFF header and a directory of one entry: the orientation.
Bytes exif(std::uint8_t orientation) {
  return joined({bytes_of("II*"),
                 {0},
                 little_endian(8, 4),
                 little_endian(1, 2),
                 little_endian(0x0112, 2),
                 little_endian(3, 2),
                 little_endian(1, 4),
                 little_endian(orientation, 4)});
}

TEST(Webp, LosslessIsSeenAsItWasWritten) {
  for (const int rows : {1, 2, 13})
    for (const int columns : {1, 7, 19}) {
      const Bytes light = noisy_bytes(static_cast<std::size_t>(rows * columns));
      const GreyImage image = decode_image(webp_file(grey_webp(rows, columns, light)), "test.webp");
      EXPECT_EQ(image.rows, static_cast<std::size_t>(rows));
      EXPECT_EQ(image.columns, static_cast<std::size_t>(columns));
      EXPECT_EQ(image.light, light);
      EXPECT_FALSE(image.coloured);
    }
}

TEST(Webp, LossyIsSeenNearlyAsItWasWritten) {
  Bytes light;
  for (int row = 0; row < 40; ++row)
    for (int column = 0; column < 30; ++column) light.push_back(static_cast<std::uint8_t>(50 + 3 * row + 2 * column));
  const GreyImage image = decode_image(webp_file(grey_webp(40, 30, light, false)), "test.webp");
  ASSERT_EQ(image.light.size(), light.size());
  for (std::size_t index = 0; index < light.size(); ++index) EXPECT_NEAR(image.light[index], light[index], 6) << index;
}

TEST(Webp, ColoursBecomeGreyAsInOtherFormats) {
  const WebpPicture picture{
      .rows = 1, .columns = 4, .rgba = {255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 10, 20, 30, 255}};
  const GreyImage image = decode_image(webp_file(picture), "test.webp");
  EXPECT_THAT(image.light, ElementsAre(76, 150, 29, 18));
  EXPECT_TRUE(image.coloured);
}

TEST(Webp, TransparencyIsPutOnABackground) {
  for (const bool lossless : {true, false}) {
    WebpPicture picture{.rows = 16, .columns = 16, .rgba = {}, .lossless = lossless};
    for (int pixel = 0; pixel < 256; ++pixel) {
      const std::uint8_t opacity = pixel / 16 < 4 ? 255 : 0;  // dark ink above, nothing below
      picture.rgba.insert(picture.rgba.end(), {20, 20, 20, opacity});
    }
    const GreyImage image = decode_image(webp_file(picture), "test.webp");
    EXPECT_NEAR(image.at(0, 0), 20, 2) << lossless;
    EXPECT_EQ(image.at(15, 15), 255) << lossless;
  }
}

TEST(Webp, NothingToSeeIsRefused) {
  const WebpPicture picture{.rows = 2, .columns = 2, .rgba = Bytes(16, 0)};
  EXPECT_EQ(error_line(webp_file(picture)), "FILE: WebP: nothing can be seen: every pixel is wholly transparent");
}

TEST(Webp, IsTurnedAsItsExifSays) {
  const Bytes light = {10, 20, 30, 40, 50, 60};
  const Bytes simple = webp_file(grey_webp(2, 3, light));
  const GreyImage stored{.rows = 2, .columns = 3, .light = light};
  for (std::uint8_t orientation = 1; orientation <= 8; ++orientation) {
    const GreyImage expected = turned_upright(stored, orientation);
    for (const Bytes& data : {exif(orientation), joined({bytes_of("Exif"), {0, 0}, exif(orientation)})}) {
      const GreyImage image = decode_image(with_exif(simple, 2, 3, data), "test.webp");
      EXPECT_EQ(image.rows, expected.rows) << int{orientation};
      EXPECT_EQ(image.light, expected.light) << int{orientation};
    }
  }
  EXPECT_EQ(decode_image(with_exif(simple, 2, 3, bytes_of("no EXIF data")), "test.webp").light, light);
}

TEST(Webp, ALargeOneIsReducedToMeans) {
  for (const bool lossless : {true, false}) {
    Bytes light;  // dark on the left, light on the right
    for (int row = 0; row < 4; ++row)
      for (int column = 0; column < 6000; ++column) light.push_back(column < 3000 ? 60 : 180);
    const GreyImage image = decode_image(webp_file(grey_webp(4, 6000, light, lossless)), "test.webp");
    EXPECT_EQ(image.columns, 2000u);
    EXPECT_EQ(image.rows, 2u);
    EXPECT_NEAR(image.at(0, 100), 60, 2);
    EXPECT_NEAR(image.at(1, 1900), 180, 2);
  }
  const auto columns = std::size_t{6000};
  Bytes stripes;
  for (std::size_t pixel = 0; pixel < 3 * columns; ++pixel) stripes.push_back(pixel % 3 == 0 ? 0 : 150);
  const GreyImage image = decode_image(webp_file(grey_webp(3, 6000, stripes)), "test.webp");
  ASSERT_EQ(image.light.size(), 2000u);
  for (const std::uint8_t value : image.light) EXPECT_NEAR(value, 100, 1);
}

TEST(Webp, WhatComesBehindTheFileIsIgnored) {
  const Bytes file = small_webp(true);
  EXPECT_EQ(decode_image(joined({file, Bytes(33, 7)}), "FILE").light, decode_image(file, "FILE").light);
}

}  // namespace
}  // namespace nib
