// HEIC files as real encoders write them (see tests/golden/images/README.md).
#include <gmock/gmock.h>

#include <array>

#include "images/decoding/decode.h"
#include "images/decoding/heic_files.h"

namespace nib {
namespace {

/// The light in the middle of each quarter: top left, top right, bottom left, bottom right.
std::array<int, 4> quarters(const GreyImage& image) {
  const std::size_t top = image.rows / 4, left = image.columns / 4;
  const std::size_t bottom = image.rows - 1 - top, right = image.columns - 1 - left;
  return {image.at(top, left), image.at(top, right), image.at(bottom, left), image.at(bottom, right)};
}

void expect_near(const GreyImage& image, const std::array<int, 4>& expected) {
  const auto found = quarters(image);
  for (std::size_t quarter = 0; quarter < 4; ++quarter) EXPECT_NEAR(found[quarter], expected[quarter], 3) << quarter;
}

GreyImage decoded(const std::string& name) { return decode_image(heic_file(name), name); }

constexpr std::array greys = {20, 90, 160, 240};

class Heic : public HeicTest {};

TEST_F(Heic, IsSeenAsItWasWritten) {
  const GreyImage grey = decoded("grey");
  EXPECT_EQ(grey.rows, 32u);
  EXPECT_EQ(grey.columns, 48u);
  EXPECT_FALSE(grey.coloured);
  expect_near(grey, greys);
}

TEST_F(Heic, ColoursBecomeGreyAsInOtherFormats) {
  const GreyImage colours = decoded("colours");
  EXPECT_TRUE(colours.coloured);
  expect_near(colours, {76, 150, 29, 255});
}

TEST_F(Heic, OfTenBitsTheUpperEightCount) { expect_near(decoded("ten-bits"), greys); }

TEST_F(Heic, TilesMakeOneImage) {
  const GreyImage image = decoded("tiles");
  EXPECT_EQ(image.rows, 128u);
  EXPECT_EQ(image.columns, 192u);
  expect_near(image, greys);
}

/// Which of the stored quarters each quarter of the upright image is (EXIF 2.3, section 4.6.4).
constexpr std::array<std::array<std::size_t, 4>, 9> turned_quarters = {{{},
                                                                        {0, 1, 2, 3},
                                                                        {1, 0, 3, 2},
                                                                        {3, 2, 1, 0},
                                                                        {2, 3, 0, 1},
                                                                        {0, 2, 1, 3},
                                                                        {2, 0, 3, 1},
                                                                        {3, 1, 2, 0},
                                                                        {1, 3, 0, 2}}};

TEST_F(Heic, IsTurnedOnceThoughItsExifSaysSoAgain) {
  for (std::size_t orientation = 2; orientation <= 8; ++orientation) {
    SCOPED_TRACE(orientation);
    const GreyImage image = decoded("orientation-" + std::to_string(orientation));
    EXPECT_EQ(image.rows, orientation >= 5 ? 48u : 32u);
    EXPECT_EQ(image.columns, orientation >= 5 ? 32u : 48u);
    std::array<int, 4> expected{};
    for (std::size_t quarter = 0; quarter < 4; ++quarter)
      expected[quarter] = greys[turned_quarters[orientation][quarter]];
    expect_near(image, expected);
  }
}

TEST_F(Heic, TransparencyIsPutOnABackground) {
  expect_near(decoded("transparent"), {0, 255, 255, 255});
  constexpr std::array on_white = {177, 100, 227, 200};  // 100 and 200, half of them white
  expect_near(decoded("half-transparent"), on_white);
  expect_near(decoded("premultiplied"), on_white);
}

}  // namespace
}  // namespace nib
