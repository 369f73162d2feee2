// The reduction that all formats share.
#include "images/decoding/box_sums.h"

#include <gmock/gmock.h>

#include <numeric>

#include "images/decoding/image_files.h"

namespace nib {
namespace {

using testing::Each;
using testing::ElementsAre;

TEST(BoxSums, LeaveSmallImagesAsTheyAre) {
  BoxSums sums(2, 3);
  sums.add(1, std::vector<std::uint16_t>{4, 5, 6});
  sums.add(0, std::vector<std::uint16_t>{1, 2, 3});
  EXPECT_THAT(mean_light(sums).light, ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(BoxSums, KeepASideOfTheLargestSize) {
  EXPECT_EQ(BoxSums(largest_decoded_side, 1).rows(), largest_decoded_side);
  EXPECT_EQ(BoxSums(largest_decoded_side + 1, 1).rows(), (largest_decoded_side + 2) / 2);
  EXPECT_EQ(BoxSums(largest_image_side, 3).rows(), largest_decoded_side);
  EXPECT_EQ(BoxSums(largest_image_side, 3).columns(), 1u);
}

TEST(BoxSums, TakeTheMeanOfEachBoxAlsoOfCutOnes) {
  const std::size_t rows = 3, columns = 4099;  // boxes of 3 x 3; the last has one column
  BoxSums sums(rows, columns);
  std::vector<std::uint16_t> values(columns);
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < columns; ++column)
      values[column] = static_cast<std::uint16_t>(column / 3 % 100 + row * 10);
    sums.add(row, values);
  }
  const GreyImage image = mean_light(sums);
  EXPECT_EQ(image.rows, 1u);
  ASSERT_EQ(image.columns, 1367u);
  EXPECT_EQ(sums.pixels(0, 1366), 3u);
  for (std::size_t column = 0; column < image.columns; ++column) EXPECT_EQ(image.at(0, column), column % 100 + 10);
}

TEST(BoxSums, RoundToTheNearest) {
  BoxSums sums(1, 4096);
  std::vector<std::uint16_t> values(4096);
  std::iota(values.begin(), values.end(), std::uint16_t{0});
  for (std::uint16_t& value : values) value = value % 2;
  sums.add(0, values);
  EXPECT_THAT(mean_light(sums).light, Each(1));
}

TEST(BoxSums, TakeInterlacedPieces) {
  BoxSums sums(1, 5);
  sums.add(0, std::vector<std::uint16_t>{10, 30, 50}, {0, 2});
  sums.add(0, std::vector<std::uint16_t>{20, 40}, {1, 2});
  EXPECT_THAT(mean_light(sums).light, ElementsAre(10, 20, 30, 40, 50));
}

}  // namespace
}  // namespace nib
