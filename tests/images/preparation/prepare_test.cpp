#include "images/preparation/prepare.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "base/error.h"
#include "images/decoding/image_files.h"
#include "images/preparation/sketch.h"

namespace nib {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A seven of straight strokes in a picture.
GreyImage seven(std::size_t row, std::size_t column) {
  GreyImage picture = blank(300, 400, 215);
  fill(picture, {row, column, 12, 60}, 60);
  fill(picture, {row, column + 48, 100, 12}, 60);
  add_noise(picture, 5);
  return picture;
}

TEST(PrepareImage, FindsAndCentresTheStroke) {
  const PreparedImage prepared = prepare_image(seven(40, 300), 28, 28, "photo");
  EXPECT_EQ(prepared.polarity, Polarity::dark_on_light);
  EXPECT_EQ(prepared.box, (Box{40, 300, 100, 60}));
  EXPECT_THAT(prepared.warnings, IsEmpty());
  EXPECT_EQ(prepared.image.rows, 28U);
  EXPECT_EQ(prepared.image.pixels.size(), 784U);
  EXPECT_EQ(*std::ranges::max_element(prepared.image.pixels), 255);
  EXPECT_EQ(prepared.steps.back().stage().rows, 150U);
  EXPECT_EQ(prepared.steps.back().stage().columns, 200U);
}

TEST(PrepareImage, DoesNotDependOnPlacePolarityOrSize) {
  const PreparedImage first = prepare_image(seven(40, 300), 28, 28, "photo");
  GreyImage inverted = seven(180, 20);
  for (std::uint8_t& light : inverted.light) light = static_cast<std::uint8_t>(255 - light);
  GreyImage larger = blank(900, 1200, 0);
  const GreyImage picture = seven(100, 100);
  for (std::size_t i = 0; i < larger.light.size(); ++i) larger.light[i] = picture.at(i / 1200 / 3, i % 1200 / 3);
  for (const GreyImage& other : {inverted, larger}) {
    const PreparedImage prepared = prepare_image(other, 28, 28, "photo");
    int difference = 0;
    for (std::size_t i = 0; i < 784; ++i) difference += std::abs(prepared.image.pixels[i] - first.image.pixels[i]);
    EXPECT_LT(difference / 784, 5);
  }
}

TEST(PrepareImage, GivesTheBoxInThePicturesOwnPixels) {
  GreyImage picture = blank(1500, 1500, 200);
  fill(picture, {600, 900, 300, 60}, 40);
  const PreparedImage prepared = prepare_image(picture, 28, 28, "photo");
  EXPECT_NEAR(static_cast<double>(prepared.box.row), 600, 6);
  EXPECT_NEAR(static_cast<double>(prepared.box.column), 900, 6);
  EXPECT_NEAR(static_cast<double>(prepared.box.rows), 300, 12);
  EXPECT_NEAR(static_cast<double>(prepared.box.columns), 60, 12);
}

TEST(PrepareImage, WarnsOfASecondDigitAndOfACutOne) {
  GreyImage two = seven(40, 100);
  fill(two, {40, 240, 100, 12}, 60);
  EXPECT_THAT(prepare_image(two, 28, 28, "photo").warnings, ElementsAre(HasSubstr("more than one digit")));
  GreyImage cut = blank(100, 100, 220);
  fill(cut, {0, 50, 60, 8}, 30);
  EXPECT_THAT(prepare_image(cut, 28, 28, "photo").warnings, ElementsAre(HasSubstr("touches the picture's border")));
}

TEST(PrepareImage, RefusesAPictureWithoutAStroke) {
  GreyImage noisy = blank(100, 150, 200);
  add_noise(noisy, 8);
  for (const GreyImage& picture : {blank(1, 1, 0), blank(1, 7, 255), blank(50, 60, 128), noisy}) {
    try {
      prepare_image(picture, 28, 28, "photo.png");
      ADD_FAILURE() << "no error for " << picture.columns << "x" << picture.rows;
    } catch (const Error& error) {
      EXPECT_STREQ(error.what(), "photo.png: no stroke found");
      EXPECT_EQ(error.code(), ExitCode::bad_input);
    }
  }
}

TEST(PrepareImage, TakesPicturesThatAreSmallerThanTheNetworks) {
  GreyImage picture = blank(8, 8, 250);
  fill(picture, {1, 4, 6, 1}, 10);
  const PreparedImage prepared = prepare_image(picture, 28, 28, "photo");
  EXPECT_EQ(prepared.box, (Box{1, 4, 6, 1}));
  EXPECT_EQ(prepared.image.pixels[14 * 28 + 14], 255);
}

TEST(PrepareImage, TakesAHairlineOfALargePicture) {
  GreyImage picture = blank(700, 500, 250);
  fill(picture, {30, 250, 640, 1}, 10);
  EXPECT_EQ(std::ranges::max(prepare_image(picture, 28, 28, "photo").image.pixels), 255);
}

TEST(PrepareImage, TakesAStrokeThatLooksLikeARuledLine) {
  GreyImage picture = blank(60, 200, 250);
  fill(picture, {28, 0, 4, 200}, 10);
  EXPECT_EQ(prepare_image(picture, 28, 28, "photo").image.rows, 28U);
}

/// Whatever the picture, it has no stroke, or an image comes of it that has ink.
TEST(PrepareImage, EndsWellOnAnyPicture) {
  const std::vector<std::uint16_t> numbers = noise(12'000, 65'535);
  std::size_t next = 0;
  const auto below = [&](std::size_t end) { return numbers[next++ % numbers.size()] % end; };
  for (int picture_number = 0; picture_number < 600; ++picture_number) {
    GreyImage picture = blank(1 + below(60), 1 + below(60), static_cast<std::uint8_t>(below(256)));
    for (std::size_t blot = below(8); blot > 0; --blot) {
      Box box{below(picture.rows), below(picture.columns), 0, 0};
      box.rows = 1 + below(picture.rows - box.row);
      box.columns = 1 + below(picture.columns - box.column);
      fill(picture, box, static_cast<std::uint8_t>(below(256)));
    }
    try {
      const PreparedImage prepared = prepare_image(picture, 5, 9, "picture");
      ASSERT_EQ(prepared.image.pixels.size(), 45U);
      ASSERT_GT(std::ranges::max(prepared.image.pixels), 60);
      ASSERT_LE(prepared.box.row + prepared.box.rows, picture.rows);
      ASSERT_LE(prepared.box.column + prepared.box.columns, picture.columns);
    } catch (const Error& error) {
      ASSERT_STREQ(error.what(), "picture: no stroke found");
    }
  }
}

TEST(TakeAsIs, TakesTheNetworksSizeOnly) {
  const GreyImage picture{2, 3, {0, 1, 2, 3, 4, 255}};
  EXPECT_EQ(take_as_is(picture, 2, 3, "a.png").image.pixels, picture.light);
  try {
    take_as_is(picture, 28, 28, "a.png");
    FAIL() << "taken";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "a.png: not of the network's size (expected 28x28, got 3x2)");
  }
}

}  // namespace
}  // namespace nib
