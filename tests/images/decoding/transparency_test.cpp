// Transparent images come on the background on which their content can be seen.
#include <gmock/gmock.h>

#include <functional>
#include <utility>

#include "images/decoding/decode.h"
#include "images/decoding/png_files.h"

namespace nib {
namespace {

using testing::Each;
using testing::ElementsAre;

/// Grey and opacity of a pixel.
struct Pixel {
  std::uint16_t light, opacity;
};

GreyImage decoded(std::uint32_t rows, std::uint32_t columns,
                  const std::function<Pixel(std::size_t, std::size_t)>& pixel) {
  PngPicture picture{.rows = rows, .columns = columns, .type = 4};
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column) {
      picture.samples.push_back(pixel(row, column).light);
      picture.samples.push_back(pixel(row, column).opacity);
    }
  return decode_image(png_file(picture), "test.png");
}

bool stroke(std::size_t column) { return column >= 9 && column < 12; }

TEST(Transparency, DarkInkComesOnWhite) {
  const GreyImage image = decoded(20, 20, [](auto, auto column) {
    return stroke(column) ? Pixel{30, 255} : Pixel{0, 0};
  });
  EXPECT_EQ(image.at(5, 10), 30);
  EXPECT_EQ(image.at(5, 0), 255);
}

TEST(Transparency, LightInkComesOnBlack) {
  const GreyImage image = decoded(20, 20, [](auto, auto column) {
    return stroke(column) ? Pixel{250, 255} : Pixel{255, 0};
  });
  EXPECT_EQ(image.at(5, 10), 250);
  EXPECT_EQ(image.at(5, 0), 0);
}

TEST(Transparency, LightInkWithADarkShadowComesOnBlack) {
  const GreyImage image = decoded(20, 20, [](auto, auto column) {
    if (stroke(column)) return Pixel{255, 255};
    return column == 12 ? Pixel{0, 128} : Pixel{0, 0};
  });
  EXPECT_EQ(image.at(5, 10), 255);
  EXPECT_EQ(image.at(5, 0), 0);
}

TEST(Transparency, InkThatFillsMostOfTheImageIsStillInk) {
  const GreyImage image = decoded(20, 20, [](auto, auto column) {
    return column < 15 ? Pixel{255, 255} : Pixel{0, 0};
  });
  EXPECT_EQ(image.at(5, 0), 255);
  EXPECT_EQ(image.at(5, 19), 0);
}

TEST(Transparency, TheMarginOfASheetContinuesIt) {
  constexpr std::uint16_t black = 0, white = 255;
  for (const auto& [paper, ink] : {std::pair(white, black), std::pair(black, white)}) {
    const GreyImage image = decoded(20, 20, [paper = paper, ink = ink](auto row, auto column) {
      if (row < 2) return Pixel{100, 0};
      return stroke(column) ? Pixel{ink, 255} : Pixel{paper, 255};
    });
    EXPECT_EQ(image.at(0, 10), paper);
    EXPECT_EQ(image.at(10, 10), ink);
  }
}

TEST(Transparency, HalfTransparentPixelsAreMixed) {
  const GreyImage image = decoded(1, 4, [](auto, auto column) {
    return Pixel{50, static_cast<std::uint16_t>(column == 0 ? 0 : column == 1 ? 51 : 128)};
  });
  EXPECT_THAT(image.light, ElementsAre(255, 214, 152, 152));
}

TEST(Transparency, HiddenColoursDoNotCount) {
  const GreyImage image = decoded(3, 3, [](auto row, auto column) {
    return row == 1 && column == 1 ? Pixel{0, 255} : Pixel{123, 0};
  });
  EXPECT_EQ(image.at(1, 1), 0);
  EXPECT_EQ(image.at(0, 0), 255);
}

TEST(Transparency, OfReducedImagesIsMixedByArea) {
  // 4,096 rows become 2,048: of each box one pixel of two is black ink.
  const GreyImage image = decoded(4096, 1, [](auto row, auto) { return row % 2 == 0 ? Pixel{0, 255} : Pixel{255, 0}; });
  EXPECT_EQ(image.rows, 2048u);
  EXPECT_THAT(image.light, Each(128));
}

TEST(Transparency, NothingToSeeIsAnError) {
  PngPicture picture{.rows = 2, .columns = 2, .type = 4, .samples = {0, 0, 9, 0, 0, 0, 255, 0}};
  EXPECT_EQ(error_line(png_file(picture)), "FILE: PNG: nothing can be seen: every pixel is wholly transparent");
}

/// An image of three pixels, the middle one of the colour that tRNS makes transparent.
Bytes light_with_trns(PngPicture picture, const Bytes& trns, const Bytes& palette = {}) {
  picture.rows = 1;
  picture.columns = 3;
  const Bytes chunks = joined({palette.empty() ? Bytes{} : png_chunk("PLTE", palette), png_chunk("tRNS", trns)});
  return decode_image(png_file(picture, chunks), "test.png").light;
}

TEST(Transparency, OneGreyMayBeTransparent) {
  EXPECT_THAT(light_with_trns({.depth = 1, .samples = {0, 1, 0}}, {0, 1}), ElementsAre(0, 255, 0));
  EXPECT_THAT(light_with_trns({.depth = 1, .samples = {1, 0, 1}}, {0, 0}), ElementsAre(255, 0, 255));
  EXPECT_THAT(light_with_trns({.depth = 4, .samples = {2, 5, 2}}, {0, 5}), ElementsAre(34, 255, 34));
  EXPECT_THAT(light_with_trns({.depth = 8, .samples = {2, 90, 2}}, {0, 90}), ElementsAre(2, 255, 2));
}

TEST(Transparency, AllSixteenBitsDecideWhatIsTransparent) {
  EXPECT_THAT(light_with_trns({.depth = 16, .samples = {0x1234, 0x1235, 0x1234}}, {0x12, 0x35}),
              ElementsAre(0x12, 255, 0x12));
  EXPECT_THAT(
      light_with_trns(
          {.type = 2, .depth = 16, .samples = {0x1234, 0x1234, 0x1234, 0x1234, 0x1234, 0x1235, 0x1234, 0x1234, 0x1234}},
          {0x12, 0x34, 0x12, 0x34, 0x12, 0x35}),
      ElementsAre(0x12, 255, 0x12));
}

TEST(Transparency, OneColourMayBeTransparent) {
  EXPECT_THAT(light_with_trns({.type = 2, .samples = {9, 9, 9, 200, 100, 50, 9, 9, 9}}, {0, 200, 0, 100, 0, 50}),
              ElementsAre(9, 255, 9));
}

TEST(Transparency, PaletteEntriesMayBeTransparent) {
  EXPECT_THAT(light_with_trns({.type = 3, .depth = 2, .samples = {1, 0, 1}}, {0}, {70, 70, 70, 20, 20, 20}),
              ElementsAre(20, 255, 20));
  EXPECT_THAT(light_with_trns({.type = 3, .depth = 8, .samples = {1, 0, 1}}, {0}, {70, 70, 70, 220, 220, 220}),
              ElementsAre(220, 0, 220));
}

}  // namespace
}  // namespace nib
