#include "pictures/value_scale.h"

#include <gmock/gmock.h>

#include <limits>

namespace nib {
namespace {

using testing::ElementsAre;

std::vector<std::string> labels_of(const ValueScale& scale) {
  std::vector<std::string> labels;
  for (const ValueScale::Tick& tick : scale.ticks()) labels.push_back(tick.label);
  return labels;
}

ValueScale scale_of(Figure figure, std::vector<double> values) { return {figure, values, 300, 100}; }

TEST(ValueScale, IsStraightWhereFiguresAreNear) {
  const ValueScale scale = scale_of(Figure::loss, {0.1, 0.2});
  EXPECT_FALSE(scale.is_logarithmic());
  EXPECT_DOUBLE_EQ(scale(0.15), 200);
  EXPECT_THAT(labels_of(scale), ElementsAre("0.10", "0.15", "0.20"));
}

TEST(ValueScale, IsLogarithmicWhereTheFirstEpochWouldSquashTheOthers) {
  const ValueScale scale = scale_of(Figure::loss, {0.25, 0.05, 0.04, 0.03});
  EXPECT_TRUE(scale.is_logarithmic());
  // Equal ratios are equally far apart.
  EXPECT_NEAR(scale(0.2) - scale(0.1), scale(0.1) - scale(0.05), 1e-9);
  EXPECT_THAT(labels_of(scale), ElementsAre("0.03", "0.05", "0.07", "0.1", "0.15", "0.2"));
}

TEST(ValueScale, SpreadsAccuraciesByTheirErrors) {
  const ValueScale scale = scale_of(Figure::accuracy, {0.93, 0.98, 0.99});
  EXPECT_TRUE(scale.is_logarithmic());
  EXPECT_GT(scale(0.93), scale(0.98));  // higher on the sheet is a smaller number
  EXPECT_GT(scale(0.98), scale(0.99));
  EXPECT_NEAR(scale(0.96) - scale(0.98), scale(0.98) - scale(0.99), 1e-9);
  const std::vector<std::string> labels = labels_of(scale);
  EXPECT_THAT(labels, testing::IsSupersetOf({"0.99", "0.985", "0.98", "0.95"}));
}

TEST(ValueScale, HasAPlaceForNoErrorsAtAll) {
  const ValueScale scale = scale_of(Figure::accuracy, {0.5, 0.9, 1});
  EXPECT_TRUE(scale.is_logarithmic());
  EXPECT_GT(scale(1), 100);
  EXPECT_LT(scale(1), scale(0.9));
}

TEST(ValueScale, KeepsFiguresOfAnySizeOnTheSheet) {
  constexpr double greatest = std::numeric_limits<double>::max(), nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<std::vector<double>> figures = {
      {},      {nan},     {0}, {0, 0}, {0, 1}, {1e-300, 1}, {1e-12, 1e99}, {1e17, 1e17 + 16}, {greatest, 1},
      {-3, 5}, {0, 1e-15}};
  for (const Figure figure : {Figure::accuracy, Figure::loss})
    for (const std::vector<double>& values : figures) {
      const ValueScale scale = scale_of(figure, values);
      EXPECT_LE(scale.ticks().size(), 8U);
      for (const ValueScale::Tick& tick : scale.ticks()) {
        EXPECT_GE(tick.at, 99.999);
        EXPECT_LE(tick.at, 300.001);
      }
      for (const double value : values)
        if (value >= 0 && (figure == Figure::loss ? ValueScale::can_be_drawn(value) : value <= 1)) {
          EXPECT_GE(scale(value), 99.999) << value;
          EXPECT_LE(scale(value), 300.001) << value;
        }
    }
}

}  // namespace
}  // namespace nib
