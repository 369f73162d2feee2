#include "kernels/pooling.h"

#include <cmath>

#include "kernels/kernel_test.h"

namespace nib::kernels {
namespace {

PoolShape pooling(std::uint32_t rows, std::uint32_t height, std::uint32_t width, std::uint32_t channels,
                  std::uint32_t window_height, std::uint32_t window_width, std::uint32_t stride_height,
                  std::uint32_t stride_width) {
  return {.rows = rows,
          .height = height,
          .width = width,
          .channels = channels,
          .pooled_height = (height - window_height) / stride_height + 1,
          .pooled_width = (width - window_width) / stride_width + 1,
          .window_height = window_height,
          .window_width = window_width,
          .stride_height = stride_height,
          .stride_width = stride_width};
}

const PoolShape shapes[] = {
    pooling(2, 24, 24, 32, 2, 2, 2, 2),       // the digits network's first pool
    pooling(7, 11, 11, 64, 2, 2, 2, 2),       // the second, whose last line and column fall out
    pooling(1, 2, 2, 1, 2, 2, 2, 2),          //
    pooling(128, 3, 2, 10, 2, 2, 2, 2),       //
    pooling(112, 4, 5, 1, 2, 2, 1, 1),        // windows that overlap
    pooling(3, 9, 8, 11, 3, 3, 2, 2),         //
    pooling(3, 9, 8, 33, 4, 3, 1, 2),         //
    pooling(2, 9, 11, 10, 2, 1, 3, 4),        // pixels between the windows
    pooling(2, 7, 9, 5, 7, 9, 1, 1),          // one window
    pooling(2, 3, 300, 2, 1, 1, 1, 1),        // no pooling at all, lines longer than a block
    pooling(1400, 6, 2, 2, 2, 2, 2, 2),       // more lines than blocks
    pooling(1, 260, 253, 1, 259, 253, 1, 1),  // 65,527 pixels
    pooling(3, 5, 4, 4, 2, 2, 2, 2),          // channels in fours: the fewest
    pooling(2, 3, 5, 1032, 2, 2, 2, 2),       // more of them than a block's threads
    pooling(1, 150, 6, 8, 2, 2, 2, 2),        // many lines
    pooling(2, 3, 601, 12, 2, 2, 2, 2),       // long ones
    pooling(3, 7, 9, 12, 2, 2, 1, 2),         // windows that overlap
};

struct Pooled {
  std::vector<float> values;
  std::vector<std::uint16_t> winners;
};

/// Places of the shape's numbers, and loops over its windows in row-major order.
struct Layout {
  PoolShape shape;

  std::size_t image_size() const { return std::size_t{shape.rows} * shape.height * shape.width * shape.channels; }
  std::size_t pooled_size() const {
    return std::size_t{shape.rows} * shape.pooled_height * shape.pooled_width * shape.channels;
  }
  std::size_t pixel(std::size_t row, std::size_t y, std::size_t x, std::size_t channel) const {
    return ((row * shape.height + y) * shape.width + x) * shape.channels + channel;
  }
  /// Calls visit(output element, row, first line, first column, channel) for each window.
  template <typename Visit>
  void for_each_window(Visit visit) const {
    std::size_t element = 0;
    for (std::size_t row = 0; row < shape.rows; ++row)
      for (std::size_t y = 0; y < shape.pooled_height; ++y)
        for (std::size_t x = 0; x < shape.pooled_width; ++x)
          for (std::size_t channel = 0; channel < shape.channels; ++channel)
            visit(element++, row, y * shape.stride_height, x * shape.stride_width, channel);
  }
};

Pooled reference(const std::vector<float>& convolution, const std::vector<float>& bias, const PoolShape& shape) {
  const Layout layout{shape};
  Pooled pooled{std::vector<float>(layout.pooled_size()), std::vector<std::uint16_t>(layout.pooled_size())};
  layout.for_each_window([&](std::size_t element, std::size_t row, std::size_t y, std::size_t x, std::size_t channel) {
    std::vector<float> window;
    for (std::size_t down = 0; down < shape.window_height; ++down)
      for (std::size_t across = 0; across < shape.window_width; ++across) {
        const float value = convolution[layout.pixel(row, y + down, x + across, channel)] + bias[channel];
        window.push_back(shape.relu && value < 0.0f ? 0.0f : value);
      }
    std::size_t winner = 0;
    for (std::size_t place = 1; place < window.size() && !std::isnan(window[winner]); ++place)
      if (window[place] > window[winner] || std::isnan(window[place])) winner = place;
    pooled.values[element] = window[winner];
    pooled.winners[element] = static_cast<std::uint16_t>(winner);
  });
  return pooled;
}

std::vector<float> reference_gradient(const std::vector<float>& pooled_gradient, const Pooled& pooled,
                                      const PoolShape& shape) {
  const Layout layout{shape};
  std::vector<float> gradient(layout.image_size(), 0.0f);
  layout.for_each_window([&](std::size_t element, std::size_t row, std::size_t y, std::size_t x, std::size_t channel) {
    if (shape.relu && pooled.values[element] <= 0.0f) return;
    const std::size_t winner = pooled.winners[element];
    gradient[layout.pixel(row, y + winner / shape.window_width, x + winner % shape.window_width, channel)] +=
        pooled_gradient[element];
  });
  return gradient;
}

class PoolingTest : public KernelTest {
 protected:
  Pooled forward(const std::vector<float>& convolution, const std::vector<float>& bias, const PoolShape& shape) const {
    const std::size_t size = Layout{shape}.pooled_size();
    const auto values = results<float>(size), from = upload(convolution), on_device = upload(bias);
    const auto winners = results<std::uint16_t>(size);
    bias_pool_forward(values.data(), winners.data(), from.data(), on_device.data(), shape, stream);
    return {values.download(), winners.download()};
  }

  /// Forward and backward, with and without ReLU.
  void check(const std::vector<float>& convolution, const std::vector<float>& bias, PoolShape shape) const {
    for (const bool relu : {true, false}) {
      shape.relu = relu;
      SCOPED_TRACE(testing::Message() << shape.rows << " x " << shape.height << " x " << shape.width << " x "
                                      << shape.channels << " by " << shape.window_height << " x " << shape.window_width
                                      << (relu ? ", relu" : ""));
      const Pooled expected = reference(convolution, bias, shape), pooled = forward(convolution, bias, shape);
      expect_same(pooled.values, expected.values);
      EXPECT_EQ(pooled.winners, expected.winners);

      std::vector<float> gradient = random_numbers(expected.values.size(), 3);
      gradient.back() = nan;
      const auto from = upload(gradient), values = upload(expected.values);
      const auto winners = upload(expected.winners);
      const auto to = results<float>(convolution.size());
      bias_pool_backward(to.data(), from.data(), values.data(), winners.data(), shape, stream);
      expect_same(to.download(), reference_gradient(gradient, expected, shape));
    }
  }
};

TEST_F(PoolingTest, Small) {
  for (const PoolShape& shape : {pooling(2, 5, 9, 33, 2, 2, 2, 2), pooling(2, 5, 9, 12, 2, 2, 2, 2)})
    check(random_numbers(Layout{shape}.image_size(), 1), random_numbers(shape.channels, 2), shape);
}

TEST_F(PoolingTest, EqualsTheDefinition) {
  for (const PoolShape& shape : shapes)
    check(random_numbers(Layout{shape}.image_size(), 1), random_numbers(shape.channels, 2), shape);
}

TEST_F(PoolingTest, HasMoreRowsThanAGridIsHigh) {
  const PoolShape shape = pooling(65537, 2, 2, 4, 2, 2, 2, 2);
  check(random_integers(Layout{shape}.image_size(), 1), random_numbers(shape.channels, 2), shape);
}

/// What no window covers is set as well, however much there is of it.
TEST_F(PoolingTest, HandsNothingBackToPixelsOutsideTheWindows) {
  for (const std::uint32_t channels : {3u, 8u}) {
    PoolShape shape = pooling(2, 9, 8, channels, 2, 2, 2, 2);
    shape.pooled_height = 2;
    shape.pooled_width = 3;
    check(random_numbers(Layout{shape}.image_size(), 1), random_numbers(shape.channels, 2), shape);
  }
}

/// Whole numbers are often equal to each other.
TEST_F(PoolingTest, GivesTiesToTheFirst) {
  for (const PoolShape& shape : shapes) {
    check(random_integers(Layout{shape}.image_size(), 1), random_integers(shape.channels, 2), shape);
    check(std::vector<float>(Layout{shape}.image_size(), 1.0f), std::vector<float>(shape.channels, 0.5f), shape);
  }
}

TEST_F(PoolingTest, FollowsNumbersThatAreNotFinite) {
  for (const PoolShape& shape :
       {pooling(2, 7, 9, 10, 2, 2, 2, 2), pooling(2, 7, 9, 12, 2, 2, 2, 2), pooling(2, 7, 9, 10, 3, 2, 1, 2)}) {
    std::vector<float> numbers = random_numbers(Layout{shape}.image_size(), 1);
    for (std::size_t i = 0; i < numbers.size(); i += 3) numbers[i] = nan;
    check(numbers, random_numbers(shape.channels, 2), shape);
    for (std::size_t i = 1; i < numbers.size(); i += 5) numbers[i] = infinity;
    for (std::size_t i = 2; i < numbers.size(); i += 7) numbers[i] = -infinity;
    check(numbers, random_numbers(shape.channels, 2), shape);
    check(std::vector<float>(numbers.size(), -infinity), std::vector<float>(shape.channels, -0.0f), shape);
    check(std::vector<float>(numbers.size(), nan), std::vector<float>(shape.channels, -0.0f), shape);
  }
}

/// By hand: -0 and 0 are equal, so the first one wins.
TEST_F(PoolingTest, KeepsTheSignOfZero) {
  const PoolShape shape = pooling(1, 2, 4, 1, 2, 2, 2, 2);
  const Pooled pooled = forward({-0.0f, 0.0f, 0.0f, -0.0f,  //
                                 0.0f, 0.0f, -0.0f, -0.0f},
                                {-0.0f}, shape);
  expect_same(pooled.values, {-0.0f, 0.0f});
  EXPECT_EQ(pooled.winners, (std::vector<std::uint16_t>{0, 0}));
}

}  // namespace
}  // namespace nib::kernels
