#include "data/set_figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "data/near_images.h"

namespace nib {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Dataset part(std::uint32_t side, const std::vector<std::vector<std::uint8_t>>& images,
             const std::vector<std::uint8_t>& labels) {
  Dataset dataset{.rows = side, .columns = side, .class_names = {"a", "b", "c"}, .pixels = {}, .labels = labels};
  for (const std::vector<std::uint8_t>& image : images)
    dataset.pixels.insert(dataset.pixels.end(), image.begin(), image.end());
  return dataset;
}

using Image = std::vector<std::uint8_t>;
const Image empty{0, 0, 0, 0}, left{200, 0, 200, 0}, right{0, 200, 0, 200}, top{200, 200, 0, 0};

DataCollection collection(Dataset training, Dataset test) {
  DataCollection set;
  set.training = std::move(training);
  set.test = std::move(test);
  return set;
}

TEST(GreyLevels, AreMeanAndDeviationOfAllPixels) {
  const GreyLevels grey = grey_levels(part(2, {{0, 10, 20, 30}, {40, 50, 60, 70}}, {0, 0}));
  EXPECT_DOUBLE_EQ(grey.mean, 35);
  EXPECT_DOUBLE_EQ(grey.deviation, std::sqrt(525));  // of 0, 10, ..., 70
  EXPECT_EQ(grey_levels({}).mean, 0);
}

TEST(ConstantImages, AreOfOneGreyLevel) {
  EXPECT_THAT(constant_images(part(2, {empty, left, {7, 7, 7, 7}}, {0, 0, 0})), ElementsAre(0, 2));
}

TEST(OddImages, HaveFarMoreOrLessInkThanTheirClass) {
  std::vector<Image> images;
  std::vector<std::uint8_t> labels;
  for (std::uint8_t i = 0; i < 10; ++i)  // quartiles 102.25 and 106.75: the fences are 88.75 and 120.25
    images.emplace_back(4, static_cast<std::uint8_t>(100 + i)), labels.push_back(0);
  images.emplace_back(4, 200), labels.push_back(1);  // alone in its class
  EXPECT_THAT(odd_images(part(2, images, labels)), IsEmpty());
  images.emplace_back(4, 119), labels.push_back(0);
  EXPECT_THAT(odd_images(part(2, images, labels)), IsEmpty());
  images.emplace_back(4, 10), labels.push_back(0);
  EXPECT_THAT(odd_images(part(2, images, labels)), ElementsAre(12));
  EXPECT_THAT(odd_images(part(2, images, {})), ElementsAre(10, 12)) << "without labels all are of one class";
}

TEST(SetFigures, CountEqualImagesWithinAndAcrossTheParts) {
  const SetFigures figures = set_figures(collection(part(2, {left, right, left, left}, {0, 1, 0, 2}),
                                                    part(2, {right, top, left, left, top}, {1, 0, 1, 0, 0})));
  EXPECT_EQ(figures.training.equal.images, 2u);
  EXPECT_EQ(figures.training.equal.other_label, 1u);
  ASSERT_THAT(figures.training.equal.pairs, SizeIs(2));
  EXPECT_EQ(figures.training.equal.pairs[1].image, 3u);
  EXPECT_EQ(figures.training.equal.pairs[1].other, 0u);
  EXPECT_EQ(figures.test.equal.images, 2u);
  EXPECT_EQ(figures.test.equal.other_label, 1u);
  EXPECT_EQ(figures.equal.images, 3u);
  EXPECT_EQ(figures.equal.other_label, 1u);
  EXPECT_EQ(figures.training.near.images, 0u) << "what is equal is not counted as near";
  EXPECT_EQ(figures.near.images, 0u);
}

TEST(SetFigures, AreThoseOfAPartAlone) {
  const SetFigures training = set_figures(collection(part(2, {left, left}, {0, 1}), {}));
  EXPECT_EQ(training.training.equal.other_label, 1u);
  EXPECT_THAT(training.training.class_counts, ElementsAre(1, 1, 0));
  EXPECT_EQ(training.test.images, 0u);
  const SetFigures test = set_figures(collection({}, part(2, {left, left}, {})));
  EXPECT_EQ(test.test.equal.images, 1u);
  EXPECT_EQ(test.test.equal.other_label, 0u);
  EXPECT_THAT(test.test.class_counts, IsEmpty());
}

/// Images of 28 x 28 in which 16 squares have grey levels of their own.
class NearImagesOfSquares : public testing::Test {
 protected:
  Image squares() {
    Image image(28 * 28);
    std::uint8_t levels[16];
    for (std::uint8_t& level : levels) level = static_cast<std::uint8_t>(20 + random_() % 216);
    for (std::size_t i = 0; i < image.size(); ++i) image[i] = levels[i / 28 / 7 * 4 + i % 28 / 7];
    return image;
  }
  /// Every pixel at most so many levels off.
  Image with_noise(Image image, int most) {
    for (std::uint8_t& pixel : image)
      pixel = static_cast<std::uint8_t>(int{pixel} + static_cast<int>(random_() % (2 * unsigned(most) + 1)) - most);
    return image;
  }

  std::mt19937 random_{1};
};

TEST_F(NearImagesOfSquares, AreFoundUnderNoise) {
  std::vector<Image> training, test;
  for (int i = 0; i < 300; ++i) training.push_back(squares());
  for (const Image& image : training) test.push_back(with_noise(image, 12));  // 7.2 in the mean
  const SetFigures figures = set_figures(collection(part(28, training, {}), part(28, test, {})));
  EXPECT_EQ(figures.training.near.images, 0u);
  EXPECT_EQ(figures.test.near.images, 0u);
  EXPECT_GE(figures.near.images, 297u);
  ASSERT_THAT(figures.near.pairs, SizeIs(PairFigures::most_pairs));
  for (const ImagePair& pair : figures.near.pairs) {
    EXPECT_EQ(pair.image, pair.other);
    EXPECT_GT(pair.distance, 6);
    EXPECT_LE(pair.distance, near_distance);
  }
}

TEST_F(NearImagesOfSquares, AreNotThoseWithMoreNoise) {
  const Image image = squares();
  const SetFigures figures = set_figures(collection(part(28, {image, with_noise(image, 17)}, {0, 0}), {}));
  EXPECT_EQ(figures.training.near.images, 0u);
}

TEST_F(NearImagesOfSquares, HaveTheirDistance) {
  Image image = squares(), other = image;
  for (std::size_t i = 0; i < 49; ++i) other[i * 16] = static_cast<std::uint8_t>(other[i * 16] ^ 8);
  const SetFigures figures = set_figures(collection(part(28, {image, other}, {0, 1}), {}));
  ASSERT_THAT(figures.training.near.pairs, SizeIs(1));
  EXPECT_EQ(figures.training.near.other_label, 1u);
  EXPECT_DOUBLE_EQ(figures.training.near.pairs[0].distance, 2);  // 8 in a sixteenth of the pixels
}

/// Without a bound on the comparisons these 4,000 would be eight million.
TEST_F(NearImagesOfSquares, AreFoundAmongManyThatLookAlike) {
  const Image image = squares();
  std::vector<Image> images;
  for (int i = 0; i < 4'000; ++i) {
    images.push_back(image);
    images.back()[0] = static_cast<std::uint8_t>(i % 250);
    images.back()[1] = static_cast<std::uint8_t>(i / 250);
  }
  const SetFigures figures = set_figures(collection(part(28, images, {}), {}));
  EXPECT_EQ(figures.training.equal.images, 0u);
  EXPECT_GT(figures.training.near.images, 3'900u);
}

TEST(SampleImages, AreTheFirstOfEachClass) {
  const Dataset dataset = part(2, {left, right, left, top, top, top}, {2, 0, 2, 2, 0, 0});
  EXPECT_THAT(sample_images(dataset, 6), ElementsAre(1, 4, 0, 2));
  EXPECT_THAT(sample_images(dataset, 2), ElementsAre(1, 0));
  EXPECT_THAT(sample_images(part(2, {left, right, top}, {}), 2), ElementsAre(0, 1));
}

}  // namespace
}  // namespace nib
