#include "kernels/gather.h"

#include <algorithm>
#include <numeric>
#include <random>

#include "kernels/image_maps.h"
#include "kernels/kernel_test.h"

namespace nib::kernels {
namespace {

constexpr GatherShape digits{.rows = 0, .height = 28, .width = 28, .crop_height = 26, .crop_width = 26};

class GatherTest : public KernelTest {
 protected:
  static constexpr std::uint64_t seed = 0x123456789abcdefu;
  struct Set {
    std::vector<std::uint8_t> pixels, labels;
    std::vector<std::uint32_t> order;
  };

  /// A set of `images` and an order that takes some of them.
  static Set random_set(std::size_t images, const GatherShape& shape) {
    std::mt19937 random(static_cast<std::uint32_t>(images));
    Set set;
    set.pixels.resize(images * shape.height * shape.width);
    for (std::uint8_t& pixel : set.pixels) pixel = static_cast<std::uint8_t>(random());
    set.labels.resize(images);
    for (std::uint8_t& label : set.labels) label = static_cast<std::uint8_t>(random());
    set.order.resize(images);
    std::iota(set.order.begin(), set.order.end(), 0u);
    std::shuffle(set.order.begin(), set.order.end(), random);
    return set;
  }

  struct Use {
    bool ordered = true, labelled = true;
    std::uint64_t wrap = 1;  ///< where it is not ordered
    Augmentation augmentation{};
  };

  /// Gathers step number `step` of a call that takes `count` positions.
  void check(const GatherShape& shape, const Set& set, std::uint64_t count, std::uint64_t step, const Use& use) const {
    SCOPED_TRACE(testing::Message() << shape.rows << " rows, step " << step << " of " << count << " images"
                                    << (use.ordered ? ", ordered" : "") << (use.labelled ? ", labelled" : ""));
    const auto pixels = upload(set.pixels), labels = upload(set.labels);
    const auto order = upload(set.order);
    Control control;
    control.step = step;
    control.finished_steps = 41;
    control.source = {.pixels = pixels.data(),
                      .labels = use.labelled ? labels.data() : nullptr,
                      .order = use.ordered ? order.data() : nullptr,
                      .wrap = use.wrap,
                      .count = count};
    const auto on_device = upload(std::vector<Control>{control});

    const ImageMapsShape maps_shape{shape.rows, shape.height, shape.width, use.augmentation, seed};
    const auto maps = results<ImageMap>(use.augmentation.any() ? shape.rows : 0);
    if (use.augmentation.any()) draw_image_maps(maps.data(), on_device.data(), maps_shape, stream);

    std::vector<float> expected_images;
    std::vector<std::int32_t> expected_labels;
    for (std::uint64_t row = 0; row < shape.rows; ++row) {
      const std::uint64_t first = step * shape.rows;
      const bool masked = first + row >= count;
      const std::uint64_t position = masked ? first : first + row;
      const std::uint64_t image = first >= count ? 0 : use.ordered ? set.order[position] : position % use.wrap;
      const std::uint8_t* const own = &set.pixels[image * shape.height * shape.width];
      const ImageMap map = image_map(movement(use.augmentation, seed, 42, masked ? 0 : static_cast<std::uint32_t>(row)),
                                     shape.height, shape.width);
      for (std::uint32_t y = 0; y < shape.crop_height; ++y)
        for (std::uint32_t x = 0; x < shape.crop_width; ++x)
          expected_images.push_back(first >= count ? 0.0f
                                    : use.augmentation.any()
                                        ? moved_pixel(map, own, shape.height, shape.width, y, x)
                                        : static_cast<float>(own[std::size_t{y} * shape.width + x]) / 255.0f);
      expected_labels.push_back(masked || !use.labelled ? -1 : set.labels[image]);
    }
    const auto images = results<float>(expected_images.size());
    const auto found_labels = results<std::int32_t>(shape.rows);
    gather(images.data(), found_labels.data(), on_device.data(), shape, use.augmentation.any() ? maps.data() : nullptr,
           stream);
    expect_same(images.download(), expected_images);
    EXPECT_EQ(found_labels.download(), expected_labels);
  }
};

TEST_F(GatherTest, Small) {
  GatherShape shape = digits;
  shape.rows = 7;
  check(shape, random_set(10, shape), 10, 1, {});
}

TEST_F(GatherTest, TakesTheStepsImagesInOrder) {
  for (const std::uint32_t rows : {1u, 7u, 112u, 128u}) {
    GatherShape shape = digits;
    shape.rows = rows;
    const Set set = random_set(2 * rows + 3, shape);
    for (const bool labelled : {true, false})
      for (const std::uint64_t step : {0u, 1u}) check(shape, set, 2 * rows + 3, step, {.labelled = labelled});
  }
}

TEST_F(GatherTest, MasksWhatIsBehindTheEnd) {
  GatherShape shape = digits;
  shape.rows = 128;
  const Set set = random_set(300, shape);
  check(shape, set, 128 + 112, 1, {});
  check(shape, set, 129, 1, {});  // one image
  check(shape, set, 256, 2, {});  // none
  check(shape, set, 256, 9, {});
  check(shape, set, 129, 1, {.ordered = false, .wrap = 300});
}

TEST_F(GatherTest, FindsItsPlaceInARing) {
  GatherShape shape = digits;
  shape.rows = 7;
  const Set set = random_set(21, shape);
  for (const std::uint64_t step : {0u, 2u, 3u, 10u, 14u}) check(shape, set, 100, step, {.ordered = false, .wrap = 21});
}

TEST_F(GatherTest, CropsAnyShapeFromTheTopLeft) {
  const GatherShape shapes[] = {
      {3, 1, 1, 1, 1}, {5, 9, 13, 9, 13}, {5, 9, 13, 1, 13}, {5, 9, 13, 9, 1}, {2, 40, 33, 17, 31}};
  for (const GatherShape& shape : shapes) check(shape, random_set(8, shape), 8, 0, {});
}

/// The bits that the CPU engine computes, of the header that both share.
TEST_F(GatherTest, MovesImages) {
  const Augmentation augmentation{.shift = 2, .rotate = 10, .scale = 0.1};
  GatherShape shape = digits;
  shape.rows = 7;
  check(shape, random_set(10, shape), 10, 0, {.augmentation = augmentation});
  check(shape, random_set(10, shape), 10, 1, {.augmentation = augmentation});  // with masked rows
  check(shape, random_set(10, shape), 10, 2, {.augmentation = augmentation});  // without an image
  check({5, 9, 13, 8, 12}, random_set(8, {5, 9, 13, 8, 12}), 8, 0, {.augmentation = {.rotate = 180}});
  check({3, 256, 1, 256, 1}, random_set(3, {3, 256, 1, 256, 1}), 3, 0,
        {.augmentation = {.shift = 255, .rotate = 180, .scale = 0.5}});
}

TEST_F(GatherTest, HasMoreRowsThanBlocks) {
  const GatherShape shape{4100, 2, 3, 2, 2};
  check(shape, random_set(4200, shape), 4099, 0, {});
}

}  // namespace
}  // namespace nib::kernels
