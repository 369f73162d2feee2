// How far colours are from grey, as every format tells it.
#include <gmock/gmock.h>

#include <cmath>

#include "images/decoding/colour_sums.h"
#include "images/decoding/decode.h"
#include "images/decoding/image_files.h"
#include "images/decoding/jpeg_files.h"
#include "images/decoding/orientation.h"
#include "images/decoding/png_files.h"

namespace nib {
namespace {

using testing::ElementsAre;

constexpr std::array<std::array<int, 3>, 6> some = {
    {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {90, 90, 90}, {200, 180, 40}, {3, 250, 128}}};

/// By the definition, in double.
std::uint8_t blue_of(const std::array<int, 3>& colour) {
  return static_cast<std::uint8_t>(std::min(
      255.0, std::round(128 + (colour[2] - 0.299 * colour[0] - 0.587 * colour[1] - 0.114 * colour[2]) / 1.772)));
}
std::uint8_t red_of(const std::array<int, 3>& colour) {
  return static_cast<std::uint8_t>(std::min(
      255.0, std::round(128 + (colour[0] - 0.299 * colour[0] - 0.587 * colour[1] - 0.114 * colour[2]) / 1.402)));
}

Bytes ppm(std::size_t rows, std::size_t columns, const std::vector<std::array<int, 3>>& pixels) {
  const std::string head = "P6\n" + std::to_string(columns) + " " + std::to_string(rows) + "\n255\n";
  Bytes bytes(head.begin(), head.end());
  for (const auto& pixel : pixels)
    for (const int part : pixel) bytes.push_back(static_cast<std::uint8_t>(part));
  return bytes;
}

void expect_some(const GreyImage& image, int off) {
  ASSERT_EQ(image.colours.rows, 2U);
  ASSERT_EQ(image.colours.columns, 3U);
  for (std::size_t i = 0; i < some.size(); ++i) {
    EXPECT_NEAR(image.colours.blue[i], blue_of(some[i]), off) << i;
    EXPECT_NEAR(image.colours.red[i], red_of(some[i]), off) << i;
  }
}

TEST(Colours, AreTheDifferencesOfRec601) {
  expect_some(decode_image(ppm(2, 3, {some.begin(), some.end()}), "f"), 0);
  PngPicture png{.rows = 2, .columns = 3, .type = 2};
  for (const auto& colour : some)
    for (const int part : colour) png.samples.push_back(static_cast<std::uint16_t>(part));
  for (const bool interlaced : {false, true}) {
    png.interlaced = interlaced;
    expect_some(decode_image(png_file(png), "f"), 0);
  }
}

TEST(Colours, AreThoseOfAJpegOfEveryKind) {
  constexpr std::array<std::uint8_t, 3> orange = {220, 120, 40};
  for (const JpegColours kind : {JpegColours::ycbcr, JpegColours::rgb, JpegColours::cmyk}) {
    JpegPicture jpeg{.rows = 16, .columns = 16, .colours = kind};
    for (std::size_t pixel = 0; pixel < 256; ++pixel) {
      const bool inks = kind == JpegColours::cmyk;
      for (const std::uint8_t part : orange) jpeg.samples.push_back(part);
      if (inks) jpeg.samples.push_back(255);
    }
    const GreyImage image = decode_image(jpeg_file(jpeg), "f");
    ASSERT_EQ(image.colours.blue.size(), 256U) << static_cast<int>(kind);
    EXPECT_NEAR(image.colours.blue[40], blue_of({220, 120, 40}), 2) << static_cast<int>(kind);
    EXPECT_NEAR(image.colours.red[40], red_of({220, 120, 40}), 2) << static_cast<int>(kind);
  }
}

TEST(Colours, AreNoneOfWhatIsGrey) {
  EXPECT_EQ(decode_image(ppm(1, 2, {{7, 7, 7}, {200, 200, 200}}), "f").colours, Colours{});
  EXPECT_EQ(decode_image(small_png(), "f").colours, Colours{});
  EXPECT_EQ(decode_image(small_jpeg(false), "f").colours, Colours{});
}

/// Half transparent red is half as far from grey, on whatever it comes to lie.
TEST(Colours, FadeWithOpacity) {
  const PngPicture png{.rows = 1, .columns = 2, .type = 6, .samples = {255, 0, 0, 255, 255, 0, 0, 128}};
  EXPECT_THAT(decode_image(png_file(png), "f").colours.red, ElementsAre(255, 191));
}

TEST(Colours, AreMeansOfBoxesOfLargeImages) {
  ColourSums sums(3, 1500);
  for (std::size_t column = 0; column < 1500; ++column) sums.add(1, column, {3, column < 1497 ? -30 : 60});
  const Colours colours = sums.mean();
  EXPECT_EQ(colours.rows, 1U);
  ASSERT_EQ(colours.columns, 500U);
  EXPECT_EQ(colours.blue[7], 129);
  EXPECT_EQ(colours.red[7], 118);
  EXPECT_EQ(colours.red[499], 148);
  EXPECT_EQ(ColourSums(4096, 2, 2).mean(), Colours{}) << "nothing was added";
}

TEST(Colours, AreTurnedWithTheImage) {
  const GreyImage image{.rows = 2,
                        .columns = 3,
                        .light = {1, 2, 3, 4, 5, 6},
                        .coloured = true,
                        .colours = {2, 3, {1, 2, 3, 4, 5, 6}, {10, 20, 30, 40, 50, 60}}};
  const GreyImage turned = turned_upright(image, 6);
  EXPECT_EQ(turned.colours.rows, 3U);
  EXPECT_EQ(turned.colours.columns, 2U);
  EXPECT_EQ(turned.colours.blue, turned.light);
  EXPECT_THAT(turned.colours.red, ElementsAre(40, 10, 50, 20, 60, 30));
}

}  // namespace
}  // namespace nib
