#include "nib/packed_images.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <stdexcept>

#include "nib/dataset.h"
#include "support/random_numbers.h"

namespace nib {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// Images next to each other of all kinds of zeros and ink, the blank and the full one among them.
Bytes images_of_all_kinds(std::size_t count, std::size_t size) {
  Bytes pixels(count * size);
  test::RandomNumbers random(1, {20, 0, 0});
  for (std::size_t image = 0; image < count; ++image) {
    const float share = static_cast<float>(image % 11) / 10, stays = static_cast<float>(image % 7) / 7;
    bool ink = false;
    for (std::size_t i = 0; i < size; ++i) {
      if (random.between(0, 1) >= stays) ink = random.between(0, 1) < share;
      if (ink) pixels[image * size + i] = random.whole_between<std::uint8_t>(1, 255);
    }
  }
  return pixels;
}

Bytes unpacked(const PackedImages& images, std::size_t image, std::size_t size) {
  Bytes bytes(size + PackedImages::slack, 77);
  images.unpack(image, bytes.data());
  bytes.resize(size);
  return bytes;
}

Bytes of_image(const Bytes& pixels, std::size_t image, std::size_t size) {
  const auto begin = pixels.begin() + static_cast<std::ptrdiff_t>(image * size);
  return {begin, begin + static_cast<std::ptrdiff_t>(size)};
}

TEST(PackedImages, GiveEachImageBack) {
  for (const std::size_t size : {1UL, 5UL, 16UL, 255UL, 256UL, 784UL, 3000UL}) {
    const std::size_t count = size == 1 ? 2100 : 154;
    const Bytes pixels = images_of_all_kinds(count, size);
    for (const unsigned threads : {1U, 3U}) {
      const PackedImages packed(pixels, size, threads);
      ASSERT_EQ(packed.size(), count);
      for (std::size_t image = 0; image < count; ++image)
        ASSERT_EQ(unpacked(packed, image, size), of_image(pixels, image, size)) << size << ' ' << image;
    }
  }
}

TEST(PackedImages, TakeLittleMoreThanTheirInk) {
  Bytes pixels(2000 * 784);
  for (std::size_t image = 0; image < 2000; ++image)
    for (std::size_t row = 4; row < 24; ++row) std::fill_n(pixels.begin() + long(image * 784 + row * 28 + 10), 8, 200);
  EXPECT_LT(PackedImages(pixels, 784, 1).bytes(), 2000 * (20 * (8 + 2) + 4) + 200);
}

TEST(PackedImages, OfAPartAreThoseOfTheWhole) {
  const Bytes pixels = images_of_all_kinds(1500, 20);
  const PackedImages part = PackedImages(pixels, 20, 1).part({1400, 3, 3, 1024}).part({3, 0, 2});
  ASSERT_EQ(part.size(), 3U);
  EXPECT_EQ(unpacked(part, 0, 20), of_image(pixels, 1024, 20));
  EXPECT_EQ(unpacked(part, 1, 20), of_image(pixels, 1400, 20));
  EXPECT_EQ(unpacked(part, 2, 20), of_image(pixels, 3, 20));
}

Dataset dataset_of(const Bytes& pixels) {
  return {.rows = 4, .columns = 5, .class_names = {"0", "1"}, .pixels = pixels, .labels = Bytes(pixels.size() / 20)};
}

TEST(PackedImages, OfADatasetAreLookedAtOneByOne) {
  Bytes pixels(20 * 300);
  for (std::size_t i = 0; i < pixels.size(); i += 9) pixels[i] = static_cast<std::uint8_t>(i % 255 + 1);
  Dataset dataset = dataset_of(pixels);
  pack_images(dataset, 2);
  ASSERT_TRUE(dataset.packed);
  EXPECT_TRUE(dataset.pixels.empty());
  ASSERT_EQ(dataset.size(), 300U);
  Bytes room;
  for (std::size_t image : {0U, 299U, 17U})
    EXPECT_TRUE(std::ranges::equal(std::span(dataset.image(image, room), 20), of_image(pixels, image, 20)));
  EXPECT_THROW(dataset.image(0), std::logic_error);
}

TEST(PackedImages, AreNoneWhereThatWouldNotSaveMuch) {
  Dataset full = dataset_of(Bytes(20 * 300, 9));
  pack_images(full, 1);
  EXPECT_FALSE(full.packed);
  EXPECT_EQ(full.pixels, Bytes(20 * 300, 9));
  Bytes room;
  EXPECT_EQ(full.image(299, room), full.image(299));
  Dataset empty{.rows = 4, .columns = 5, .class_names = {}, .pixels = {}, .labels = {}};
  pack_images(empty, 1);
  EXPECT_EQ(empty.size(), 0U);
}

}  // namespace
}  // namespace nib
