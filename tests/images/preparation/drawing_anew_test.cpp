// A chosen stroke drawn anew: distances, the pen, and the place in the network's image.

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "images/preparation/distance.h"
#include "images/preparation/pen.h"
#include "images/preparation/placement.h"
#include "images/preparation/sketch.h"

namespace nib {
namespace {

using testing::Each;

TEST(SignedDistance, IsThatOfTheNearestPixelBeyondTheEdge) {
  Mask mask = empty_mask(17, 23);
  fill(mask, {3, 4, 6, 5});
  fill(mask, {10, 15, 7, 8});
  fill(mask, {12, 2, 1, 1});
  const Field distance = signed_distance(mask);
  const auto set = [&](int row, int column) {
    return row >= 0 && column >= 0 && row < 17 && column < 23 &&
           mask.at(static_cast<std::size_t>(row), static_cast<std::size_t>(column)) != 0;
  };
  for (int row = 0; row < 17; ++row)
    for (int column = 0; column < 23; ++column) {
      double nearest = 1e9;
      for (int y = -1; y <= 17; ++y)
        for (int x = -1; x <= 23; ++x)
          if (set(y, x) != set(row, column)) nearest = std::min(nearest, std::hypot(y - row, x - column));
      const double expected = set(row, column) ? nearest - 0.5 : 0.5 - nearest;
      ASSERT_NEAR(static_cast<double>(distance.at(static_cast<std::size_t>(row), static_cast<std::size_t>(column))),
                  expected, 1e-5)
          << row << ", " << column;
    }
}

/// By looking at every pixel of the mask, and of a frame around it, for every one.
Field searched_distance(const Mask& mask) {
  Field result = field_of(mask.rows, mask.columns);
  const auto rows = static_cast<int>(mask.rows), columns = static_cast<int>(mask.columns);
  const auto set = [&](int row, int column) {
    return row >= 0 && column >= 0 && row < rows && column < columns &&
           mask.at(static_cast<std::size_t>(row), static_cast<std::size_t>(column)) != 0;
  };
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < columns; ++column) {
      int nearest = 1'000'000;
      for (int y = -1; y <= rows; ++y)
        for (int x = -1; x <= columns; ++x)
          if (set(y, x) != set(row, column))
            nearest = std::min(nearest, (y - row) * (y - row) + (x - column) * (x - column));
      const float distance = std::sqrt(static_cast<float>(nearest)) - 0.5F;
      result.at(static_cast<std::size_t>(row), static_cast<std::size_t>(column)) =
          set(row, column) ? distance : -distance;
    }
  return result;
}

TEST(SignedDistance, IsExactHoweverFarItIs) {
  Mask mask = empty_mask(110, 130);
  fill(mask, {4, 5, 90, 80});  // its middle is further inside than strokes are
  fill(mask, {70, 100, 3, 25});
  mask.at(40, 50) = 0;
  EXPECT_EQ(signed_distance(mask).values, searched_distance(mask).values);
}

TEST(SignedDistance, TellsWhatIsOutOfReachAsSoFar) {
  Mask mask = empty_mask(40, 100);
  fill(mask, {10, 12, 20, 7});
  fill(mask, {5, 40, 3, 3});
  const Field searched = searched_distance(mask);
  for (const int reach : {1, 4, 9, 40}) {
    Field expected = searched;
    for (float& value : expected.values) value = std::max(value, 0.5F - static_cast<float>(reach));
    Field anew = signed_distance(mask, 1);
    tell_outside(mask, reach, anew);
    EXPECT_EQ(signed_distance(mask, reach).values, expected.values) << reach;
    EXPECT_EQ(anew.values, expected.values) << reach;
  }
}

/// The width of an upright bar of 100 rows after it was drawn with the usual pen.
double width_after(std::size_t width) {
  Field ink = field_of(140, 140);
  fill(ink, {20, 60, 100, width}, 1);
  const Field drawn = with_usual_pen(ink, 0.5F, 100);
  double sum = 0;
  for (const float value : drawn.row(70)) sum += static_cast<double>(value);
  return sum;
}

TEST(UsualPen, KeepsUsualStrokes) { EXPECT_NEAR(width_after(12), 12, 0.6); }

TEST(UsualPen, ThickensThinStrokesAndThinsThickOnes) {
  EXPECT_NEAR(width_after(3), 7.5, 1);
  EXPECT_LT(width_after(24), 20);
  EXPECT_GT(width_after(24), 13);
}

TEST(UsualPen, LosesNeitherHairlinesNorBlots) {
  Field ink = field_of(60, 60);
  fill(ink, {10, 30, 40, 1}, 0.2F);
  EXPECT_EQ(std::ranges::max(with_usual_pen(ink, 0.5F, 40).values), 1);
  fill(ink, {2, 2, 56, 56}, 1);
  EXPECT_EQ(std::ranges::max(with_usual_pen(ink, 0.5F, 56).values), 1);
}

/// The centre of mass, in pixels from the upper left corner.
std::pair<double, double> centre_of(const NetworkImage& image) {
  double sum = 0, down = 0, across = 0;
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    sum += image.pixels[i];
    down += image.pixels[i] * (static_cast<double>(i / image.columns) + 0.5);
    across += image.pixels[i] * (static_cast<double>(i % image.columns) + 0.5);
  }
  return {down / sum, across / sum};
}

TEST(Placed, FitsTheBoxInto20Pixels) {
  Field stroke = field_of(200, 200);
  fill(stroke, {30, 50, 100, 25}, 1);
  const NetworkImage image = placed(stroke, 28, 28);
  for (std::size_t row = 0; row < 28; ++row)
    for (std::size_t column = 0; column < 28; ++column) {
      const bool inside = row >= 4 && row < 24 && column >= 12 && column < 17;
      EXPECT_EQ(image.pixels[row * 28 + column] > 0, inside) << row << ", " << column;
    }
  EXPECT_EQ(image.pixels[14 * 28 + 14], 255);
}

TEST(Placed, CentresTheMassAsMnistDoes) {
  Field stroke = field_of(120, 120);
  fill(stroke, {10, 10, 100, 20}, 1);  // an L: the mass lies low and left
  fill(stroke, {90, 10, 20, 80}, 1);
  const auto [down, across] = centre_of(placed(stroke, 28, 28));
  for (const double mass : {down, across}) {
    EXPECT_GE(mass, 14);
    EXPECT_LT(mass, 15.01);  // pixels are rounded
  }
}

TEST(Placed, FitsOtherSizesOfNetworks) {
  Field stroke = field_of(90, 90);
  fill(stroke, {10, 10, 20, 70}, 1);
  const NetworkImage wide = placed(stroke, 14, 56);
  EXPECT_EQ(wide.pixels.size(), 14U * 56U);
  EXPECT_EQ(std::ranges::count_if(wide.pixels, [](int pixel) { return pixel > 0; }), 10 * 35);
  EXPECT_THAT(placed(stroke, 1, 1).pixels, Each(255));
}

}  // namespace
}  // namespace nib
