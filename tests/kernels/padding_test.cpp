#include "kernels/padding.h"

#include <string>

#include "kernels/kernel_test.h"

namespace nib::kernels {
namespace {

const PadShape shapes[] = {
    {1, 1, 1, 1, 0, 0, 1, 1},      // nothing to do
    {1, 1, 1, 1, 1, 2, 3, 4},      // one pixel in a frame
    {7, 5, 4, 10, 1, 1, 7, 6},     // evenly around
    {7, 5, 4, 11, 0, 1, 6, 5},     // unevenly
    {3, 6, 7, 33, 0, 0, 4, 5},     // a frame that cuts off bottom and right
    {3, 6, 7, 5, 2, 3, 5, 6},      // set in and cut off
    {2, 3, 3, 2, 5, 1, 4, 9},      // no line in the frame
    {2, 3, 3, 2, 1, 6, 9, 4},      // no column
    {128, 3, 4, 1, 1, 0, 4, 4},    //
    {2, 2, 140, 3, 1, 2, 4, 145},  // lines longer than a block
    {1400, 3, 2, 2, 0, 1, 3, 3},   // more lines than blocks
};

class PaddingTest : public KernelTest {
 protected:
  static std::size_t image_size(const PadShape& shape) {
    return std::size_t{shape.rows} * shape.height * shape.width * shape.channels;
  }
  static std::size_t frame_size(const PadShape& shape) {
    return std::size_t{shape.rows} * shape.framed_height * shape.framed_width * shape.channels;
  }

  /// Calls `visit` with the places in image and frame of each number that both have.
  template <typename Visit>
  static void for_each_shared(const PadShape& shape, Visit visit) {
    for (std::size_t row = 0; row < shape.rows; ++row)
      for (std::size_t y = 0; y < shape.height && y + shape.top < shape.framed_height; ++y)
        for (std::size_t x = 0; x < shape.width && x + shape.left < shape.framed_width; ++x)
          for (std::size_t channel = 0; channel < shape.channels; ++channel)
            visit(((row * shape.height + y) * shape.width + x) * shape.channels + channel,
                  ((row * shape.framed_height + y + shape.top) * shape.framed_width + x + shape.left) * shape.channels +
                      channel);
  }

  void check_pad(const PadShape& shape) const {
    SCOPED_TRACE(name(shape));
    std::vector<float> images = random_numbers(image_size(shape), 1);
    images.front() = nan;
    std::vector<float> expected(frame_size(shape), 0.0f);
    for_each_shared(shape, [&](std::size_t image, std::size_t frame) { expected[frame] = images[image]; });
    const auto on_device = upload(images), framed = results<float>(expected.size());
    pad(framed.data(), on_device.data(), shape, stream);
    expect_same(framed.download(), expected);
  }

  void check_unpad(const PadShape& shape) const {
    SCOPED_TRACE(name(shape));
    const std::vector<float> framed = random_numbers(frame_size(shape), 2);
    std::vector<float> expected(image_size(shape), 0.0f);
    for_each_shared(shape, [&](std::size_t image, std::size_t frame) { expected[image] = framed[frame]; });
    const auto on_device = upload(framed), images = results<float>(expected.size());
    unpad(images.data(), on_device.data(), shape, stream);
    expect_same(images.download(), expected);
  }

 private:
  static std::string name(const PadShape& shape) {
    return std::to_string(shape.height) + " x " + std::to_string(shape.width) + " into " +
           std::to_string(shape.framed_height) + " x " + std::to_string(shape.framed_width);
  }
};

TEST_F(PaddingTest, Small) {
  const PadShape shape{1, 4, 5, 30, 1, 2, 6, 8};
  check_pad(shape);
  check_unpad(shape);
}

TEST_F(PaddingTest, LaysImagesIntoFramesOfZeros) {
  for (const PadShape& shape : shapes) check_pad(shape);
}

TEST_F(PaddingTest, TakesImagesOutAgain) {
  for (const PadShape& shape : shapes) check_unpad(shape);
}

}  // namespace
}  // namespace nib::kernels
