// How images are moved: by which chances, and where to.

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "nib/arithmetic/augmentation.h"

namespace nib {
namespace {

TEST(SineCosine, AreWithinTheirBound) {
  for (int i = -400'000; i <= 400'000; ++i) {
    const double degrees = i * 0.0011;
    const long double radians = static_cast<long double>(degrees) * std::numbers::pi_v<long double> / 180;
    const SineCosine found = sine_cosine(degrees);
    ASSERT_LE(std::abs(static_cast<long double>(found.sine) - std::sin(radians)), 4e-16L) << degrees;
    ASSERT_LE(std::abs(static_cast<long double>(found.cosine) - std::cos(radians)), 4e-16L) << degrees;
  }
}

TEST(SineCosine, AreExactAtQuarterTurns) {
  const std::array<SineCosine, 4> expected = {{{0, 1}, {1, 0}, {0, -1}, {-1, 0}}};
  for (int quarters = -8; quarters <= 8; ++quarters) {
    const SineCosine found = sine_cosine(90.0 * quarters);
    EXPECT_EQ(found.sine, expected[static_cast<std::size_t>((quarters + 8) % 4)].sine) << quarters;
    EXPECT_EQ(found.cosine, expected[static_cast<std::size_t>((quarters + 8) % 4)].cosine) << quarters;
  }
  EXPECT_EQ(sine_cosine(-30).sine, -sine_cosine(30).sine);
}

TEST(SignedUnit, IsSymmetricAndNeverZeroOrOne) {
  EXPECT_EQ(signed_unit(0), -1.0 + 0x1.0p-24);
  EXPECT_EQ(signed_unit(0xffffffffu), 1.0 - 0x1.0p-24);
  EXPECT_EQ(signed_unit(0x7fffffffu), -0x1.0p-24);
  EXPECT_EQ(signed_unit(0x80000000u), 0x1.0p-24);
}

/// Mean, variance, correlation and extent of what is drawn for 200 steps of 128 rows.
TEST(Movement, IsUniformAndIndependent) {
  constexpr Augmentation augmentation{.shift = 2, .rotate = 10, .scale = 0.1};
  constexpr std::size_t count = 200 * 128;
  std::array<std::vector<double>, 4> drawn;  // each in units of what it may be
  for (std::uint64_t step = 1; step <= 200; ++step)
    for (std::uint32_t row = 0; row < 128; ++row) {
      const Movement own = movement(augmentation, 7, step, row);
      drawn[0].push_back(own.right / 2);
      drawn[1].push_back(own.down / 2);
      drawn[2].push_back(own.degrees / 10);
      drawn[3].push_back((own.factor - 1) / 0.1);
    }
  constexpr double four_deviations = 4 / 160.0;  // of a mean of `count` numbers, in their own deviation
  for (std::size_t a = 0; a < 4; ++a) {
    double sum = 0, squares = 0;
    std::array<int, 10> tenths{};
    for (const double value : drawn[a]) {
      ASSERT_LT(std::abs(value), 1);
      sum += value;
      squares += value * value;
      ++tenths.at(static_cast<std::size_t>(5 * (value + 1)));
    }
    EXPECT_NEAR(sum / count, 0, four_deviations * std::sqrt(1 / 3.0));
    EXPECT_NEAR(squares / count, 1 / 3.0, four_deviations * std::sqrt(4 / 45.0));
    for (const int tenth : tenths) EXPECT_NEAR(tenth, count / 10.0, 4 * std::sqrt(count * 0.09));
    for (std::size_t b = 0; b < a; ++b) {
      double products = 0;
      for (std::size_t i = 0; i < count; ++i) products += drawn[a][i] * drawn[b][i];
      EXPECT_NEAR(products / count, 0, four_deviations / 3) << a << ' ' << b;
    }
  }
}

TEST(Movement, DependsOnSeedStepAndRow) {
  constexpr Augmentation augmentation{.shift = 2, .rotate = 10, .scale = 0.1};
  const double first = movement(augmentation, 1, 5, 9).degrees;
  EXPECT_EQ(movement(augmentation, 1, 5, 9).degrees, first);
  EXPECT_NE(movement(augmentation, 2, 5, 9).degrees, first);
  EXPECT_NE(movement(augmentation, 1, 6, 9).degrees, first);
  EXPECT_NE(movement(augmentation, 1, 5, 10).degrees, first);
  EXPECT_NE(movement(augmentation, 1, 9, 5).degrees, first);
  // What is not asked for stays as it is, and takes nothing from the rest.
  const Movement turned = movement({.rotate = 10}, 1, 5, 9);
  EXPECT_EQ(turned.degrees, first);
  EXPECT_EQ(turned.right, 0);
  EXPECT_EQ(turned.down, 0);
  EXPECT_EQ(turned.factor, 1);
}

struct Image {
  std::uint32_t height, width;
  std::vector<std::uint8_t> pixels;
};

Image uneven(std::uint32_t height, std::uint32_t width) {
  Image image{height, width, std::vector<std::uint8_t>(std::size_t{height} * width)};
  for (std::size_t i = 0; i < image.pixels.size(); ++i) image.pixels[i] = static_cast<std::uint8_t>(i * 89 + i * i / 7);
  return image;
}

float moved(const Image& image, const Movement& movement, std::uint32_t row, std::uint32_t column) {
  const ImageMap map = image_map(movement, image.height, image.width);
  return moved_pixel(map, image.pixels.data(), image.height, image.width, row, column);
}

/// The definition in double with the library's functions, written apart: the place is found by turning and scaling
/// back, its pixel by the weights of the four around it.
double defined(const Image& image, const Movement& movement, double row, double column) {
  const double angle = movement.degrees * std::numbers::pi / 180;
  const double dx = column - (image.width - 1) / 2.0 - movement.right;
  const double dy = row - (image.height - 1) / 2.0 - movement.down;
  // A turn by -angle, with y pointing down.
  const double x = (image.width - 1) / 2.0 + (std::cos(angle) * dx - std::sin(angle) * dy) / movement.factor;
  const double y = (image.height - 1) / 2.0 + (std::sin(angle) * dx + std::cos(angle) * dy) / movement.factor;
  double sum = 0;
  for (std::uint32_t py = 0; py < image.height; ++py)
    for (std::uint32_t px = 0; px < image.width; ++px) {
      const double weight = std::max(0.0, 1 - std::abs(x - px)) * std::max(0.0, 1 - std::abs(y - py));
      sum += weight * image.pixels[std::size_t{py} * image.width + px];
    }
  return sum / 255;
}

TEST(MovedPixel, IsNearTheDefinition) {
  struct Case {
    Image image;
    double places;  ///< pixels that a place may be off by
  };
  for (const Case& each :
       {Case{uneven(28, 28), 3e-5}, Case{uneven(9, 13), 3e-5}, Case{uneven(1, 40), 5e-5}, Case{uneven(60, 60), 6e-5}}) {
    const Augmentation augmentation{.shift = 3, .rotate = 180, .scale = 0.5};
    const std::uint32_t images = each.image.height == 60 ? 2 : 40;
    for (std::uint32_t i = 0; i < images; ++i) {
      const Movement own = movement(augmentation, 11, 3, i);
      for (std::uint32_t row = 0; row < each.image.height; ++row)
        for (std::uint32_t column = 0; column < each.image.width; ++column)
          // Between neighbours the value changes by 1 a pixel at most, in either direction.
          ASSERT_NEAR(static_cast<double>(moved(each.image, own, row, column)), defined(each.image, own, row, column),
                      2 * each.places + 2e-7)
              << row << ' ' << column;
    }
  }
}

/// At whole pixels and quarter turns nothing is between pixels.
TEST(MovedPixel, IsExactWhereItCanBe) {
  const Image image = uneven(12, 12);
  const auto pixel = [&](std::int64_t row, std::int64_t column) {
    if (row < 0 || column < 0 || row >= 12 || column >= 12) return 0.0f;
    return static_cast<float>(image.pixels[static_cast<std::size_t>(row * 12 + column)]) / 255.0f;
  };
  for (std::uint32_t row = 0; row < 12; ++row)
    for (std::uint32_t column = 0; column < 12; ++column) {
      EXPECT_EQ(moved(image, {}, row, column), pixel(row, column));
      EXPECT_EQ(moved(image, {.right = 2, .down = -3}, row, column), pixel(row + 3, column - 2));
      EXPECT_EQ(moved(image, {.degrees = 90}, row, column), pixel(column, 11 - row));  // the right side turns up
      EXPECT_EQ(moved(image, {.degrees = 180}, row, column), pixel(11 - row, 11 - column));
      EXPECT_EQ(moved(image, {.right = 1, .degrees = -90}, row, column), pixel(12 - column, row));
    }
}

/// The CPU engine takes pixels whose sum is zero for blank.
TEST(MovedPixel, IsNeverNegativeNorAboveOne) {
  const Image image = uneven(16, 16), full{16, 16, std::vector<std::uint8_t>(256, 255)},
              blank{16, 16, std::vector<std::uint8_t>(256)};
  for (std::uint32_t i = 0; i < 100; ++i) {
    const Movement own = movement({.shift = 2, .rotate = 45, .scale = 0.5}, 3, 1, i);
    for (std::uint32_t row = 0; row < 16; ++row)
      for (std::uint32_t column = 0; column < 16; ++column) {
        for (const Image* each : {&image, &full}) {
          const float value = moved(*each, own, row, column);
          ASSERT_FALSE(std::signbit(value));
          ASSERT_LE(value, 1.0f);
        }
        const float value = moved(blank, own, row, column);
        ASSERT_TRUE(value == 0 && !std::signbit(value));
      }
  }
}

/// No place is beyond what an ImageMap holds.
TEST(MovedPixel, StandsTheMostThatCanBeAskedFor) {
  const Image image = uneven(256, 256);
  int seen = 0;
  for (const double degrees : {-180.0, -45.0, 0.0, 45.0, 135.0})
    for (const double right : {-255.0, 255.0})
      for (const double down : {-255.0, 255.0})
        for (const double factor : {0.5, 1.5}) {  // 0.5 is farthest away, 1.5 comes back into the image
          const Movement own{.right = right, .down = down, .degrees = degrees, .factor = factor};
          for (const std::uint32_t row : {0u, 100u, 255u})
            for (const std::uint32_t column : {0u, 100u, 255u}) {
              const double pixel = defined(image, own, row, column);
              ASSERT_NEAR(static_cast<double>(moved(image, own, row, column)), pixel, 1e-3);
              seen += pixel > 0;
            }
        }
  EXPECT_GT(seen, 0) << "some places are inside of the image";
}

}  // namespace
}  // namespace nib
