// Which training images are held out at random, and of each class the same part.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>

#include "base/error.h"
#include "training/split.h"

namespace nib {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Images of one pixel, image n holding n, with these labels.
Dataset images(std::vector<std::uint8_t> labels) {
  Dataset dataset{.rows = 1, .columns = 1, .class_names = {"a", "b", "c"}, .pixels = {}, .labels = std::move(labels)};
  for (std::size_t n = 0; n < dataset.labels.size(); ++n) dataset.pixels.push_back(static_cast<std::uint8_t>(n));
  return dataset;
}

/// 60 of class 0, 30 of class 1, 10 of class 2, sorted.
Dataset sorted_images() {
  std::vector<std::uint8_t> labels(60, 0);
  labels.insert(labels.end(), 30, 1);
  labels.insert(labels.end(), 10, 2);
  return images(labels);
}

std::vector<std::ptrdiff_t> counts(const Dataset& dataset) {
  std::vector<std::ptrdiff_t> counts;
  for (int label = 0; label < 3; ++label) counts.push_back(std::ranges::count(dataset.labels, label));
  return counts;
}

/// Every image is in one part, with its own label, in the order of the files.
void expect_parts_of(const Dataset& whole, const Split& split) {
  std::multiset<std::uint8_t> pixels(split.training->pixels.begin(), split.training->pixels.end());
  pixels.insert(split.validation->pixels.begin(), split.validation->pixels.end());
  EXPECT_EQ(pixels, std::multiset<std::uint8_t>(whole.pixels.begin(), whole.pixels.end()));
  for (const auto& part : {split.training, split.validation}) {
    EXPECT_TRUE(std::ranges::is_sorted(part->pixels));
    EXPECT_EQ(part->class_names, whole.class_names);
    for (std::size_t i = 0; i < part->size(); ++i) EXPECT_EQ(part->labels[i], whole.labels[part->pixels[i]]);
  }
}

TEST(HeldOutImages, AtRandomAreAsManyAsTheLastOnes) {
  const Dataset whole = sorted_images();
  const Split split = split_validation(whole, 0.25, HeldOut::random, 7);
  EXPECT_EQ(split.validation->size(), split_validation(whole, 0.25).validation->size());
  expect_parts_of(whole, split);
}

/// The pixels of a set of images of one pixel, packed or not.
std::vector<std::uint8_t> pixels_of(const Dataset& dataset) {
  std::vector<std::uint8_t> pixels, room;
  for (std::size_t image = 0; image < dataset.size(); ++image) pixels.push_back(*dataset.image(image, room));
  return pixels;
}

TEST(HeldOutImages, OfAPackedSetAreTheSame) {
  const Dataset plain = sorted_images();
  Dataset packed = plain;
  packed.packed = std::make_shared<const PackedImages>(std::move(packed.pixels), 1, 1);
  packed.pixels = {};
  for (const HeldOut which : {HeldOut::last, HeldOut::random, HeldOut::stratified}) {
    const Split expected = split_validation(plain, 0.25, which, 7), split = split_validation(packed, 0.25, which, 7);
    for (const auto part : {&Split::training, &Split::validation}) {
      EXPECT_TRUE((split.*part)->packed);
      EXPECT_EQ(pixels_of(*(split.*part)), (expected.*part)->pixels) << word(which);
      EXPECT_EQ((split.*part)->labels, (expected.*part)->labels) << word(which);
      EXPECT_EQ((split.*part)->class_names, plain.class_names);
    }
  }
}

TEST(HeldOutImages, AtRandomDependOnTheSeedAlone) {
  const auto pixels = [](std::uint64_t seed) {
    return split_validation(sorted_images(), 0.25, HeldOut::random, seed).validation->pixels;
  };
  EXPECT_EQ(pixels(1), pixels(1));
  EXPECT_NE(pixels(1), pixels(2));
  EXPECT_NE(pixels(1), split_validation(sorted_images(), 0.25).validation->pixels);
}

/// Each image is held out equally often, within five standard deviations.
TEST(HeldOutImages, AtRandomAreEachEquallyLikely) {
  constexpr int seeds = 2000;
  std::vector<int> times(20);
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const Split split = split_validation(images(std::vector<std::uint8_t>(20, 0)), 0.25, HeldOut::random, seed);
    for (const std::uint8_t image : split.validation->pixels) ++times[image];
  }
  for (const int each : times) EXPECT_NEAR(each, seeds / 4, 97);
}

TEST(HeldOutImages, StratifiedAreTheSamePartOfEachClass) {
  const Dataset whole = sorted_images();
  const Split split = split_validation(whole, 0.25, HeldOut::stratified, 7);
  // 15, 7.5 and 2.5 of 25: the first of the two that are rounded equally gets the last image.
  EXPECT_THAT(counts(*split.validation), ElementsAre(15, 8, 2));
  expect_parts_of(whole, split);
  EXPECT_NE(split.validation->pixels, split_validation(whole, 0.25, HeldOut::stratified, 8).validation->pixels);
}

TEST(HeldOutImages, LastAreThoseOfKeras) {
  const Split split = split_validation(sorted_images(), 0.25, HeldOut::last, 7);
  EXPECT_EQ(split.validation->pixels, split_validation(sorted_images(), 0.25).validation->pixels);
  EXPECT_EQ(split.training->pixels, split_validation(sorted_images(), 0.25).training->pixels);
}

TEST(HeldOutImages, AreNoneAtZero) {
  for (const HeldOut which : {HeldOut::last, HeldOut::random, HeldOut::stratified})
    EXPECT_FALSE(split_validation(sorted_images(), 0, which, 7).validation);
}

TEST(HeldOutImages, LeaveSomethingInBothParts) {
  for (const HeldOut which : {HeldOut::last, HeldOut::random, HeldOut::stratified})
    for (const double fraction : {0.999, 1.0, -0.5})
      EXPECT_THROW(split_validation(sorted_images(), fraction, which, 7), Error) << word(which) << ' ' << fraction;
}

TEST(HeldOutImages, StratifiedNeedLabels) {
  Dataset dataset = sorted_images();
  dataset.labels.clear();
  EXPECT_EQ(split_validation(dataset, 0.25, HeldOut::random, 7).validation->size(), 25u);
  try {
    split_validation(dataset, 0.25, HeldOut::stratified, 7);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    EXPECT_THAT(error.what(), HasSubstr("no labels"));
  }
}

TEST(HeldOutImages, AreKnownByTheirWord) {
  for (const HeldOut which : {HeldOut::last, HeldOut::random, HeldOut::stratified})
    EXPECT_EQ(held_out(word(which)), which);
  EXPECT_EQ(held_out("first"), std::nullopt);
  EXPECT_EQ(in_words(HeldOut::last, 6000, 60000), "last 6,000 of 60,000");
  EXPECT_EQ(in_words(HeldOut::random, 6000, 60000), "6,000 of 60,000 at random");
}

}  // namespace
}  // namespace nib
