#include "kernels/first_convolution.h"

#include <cmath>

#include "kernels/kernel_test.h"

namespace nib::kernels {
namespace {

FirstConvolutionShape first(std::uint32_t rows, std::uint32_t side, std::uint32_t kernel, std::uint32_t padding,
                            std::uint32_t filters) {
  const std::uint32_t pooled = (side + 2 * padding - kernel + 1) / 2;
  return {.rows = rows,
          .height = side + 1,  // of which the last line is not read
          .width = side,
          .kernel = kernel,
          .top = padding,
          .left = padding,
          .filters = filters,
          .pooled_height = pooled,
          .pooled_width = pooled};
}

/// One step's work.
struct Work {
  FirstConvolutionShape shape;
  std::uint64_t live;
  std::vector<std::uint8_t> pixels, labels;
  std::vector<std::uint32_t> order;
  std::vector<float> weights, bias;
  std::vector<ImageMap> maps{};  ///< (rows), or none

  /// The second step of a call, with pixels that are 0 or 255 and whole weights: all sums are exact in float.
  Work(const FirstConvolutionShape& any_shape, std::uint64_t live_rows)
      : shape(any_shape),
        live(live_rows),
        weights(random_integers(std::size_t{shape.filters} * taps(), 1)),
        bias(random_integers(shape.filters, 2)) {
    constexpr std::size_t images = 7;
    for (const float number : random_integers(images * shape.height * shape.width, 3))
      pixels.push_back(number > 0.0f ? 255 : 0);
    for (std::size_t i = 0; i < images; ++i) labels.push_back(static_cast<std::uint8_t>(3 * i));
    for (std::uint64_t i = 0; i < 2 * std::uint64_t{shape.rows}; ++i)
      order.push_back(static_cast<std::uint32_t>(i * 5 % images));
  }

  void make_uneven() {
    for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::uint8_t>(i * 89 + i / 7);
    weights = random_numbers(weights.size(), 4);
    bias = random_numbers(bias.size(), 5);
  }

  std::size_t taps() const { return std::size_t{shape.kernel} * shape.kernel; }
  std::size_t size() const {
    return std::size_t{shape.rows} * shape.pooled_height * shape.pooled_width * shape.filters;
  }
  std::size_t image(std::size_t row) const { return order[shape.rows + (row < live ? row : 0)]; }

  double pixel(std::size_t row, std::size_t padded_y, std::size_t padded_x) const {
    if (live == 0 || padded_y < shape.top || padded_x < shape.left) return 0;
    const std::size_t y = padded_y - shape.top, x = padded_x - shape.left;
    if (y >= shape.height || x >= shape.width) return 0;
    const std::uint8_t* const own = &pixels[image(row) * shape.height * shape.width];
    if (!maps.empty())
      return static_cast<double>(moved_pixel(maps[row], own, shape.height, shape.width, static_cast<std::uint32_t>(y),
                                             static_cast<std::uint32_t>(x)));
    return static_cast<double>(own[y * shape.width + x]) / 255;
  }

  /// Behind bias and ReLU.
  double convolved(std::size_t row, std::size_t y, std::size_t x, std::size_t filter) const {
    double sum = 0;
    for (std::size_t t = 0; t < taps(); ++t)
      sum += pixel(row, y + t / shape.kernel, x + t % shape.kernel) * static_cast<double>(weights[filter * taps() + t]);
    sum += static_cast<double>(bias[filter]);
    return sum < 0 ? 0 : sum;
  }
};

struct Found {
  std::vector<float> pooled;
  std::vector<std::uint16_t> winners;
  std::vector<std::int32_t> labels;
  std::vector<float> weights_gradient, bias_gradient;
};

class FirstConvolutionTest : public KernelTest {
 protected:
  Found run(const Work& work, const std::vector<float>& gradient) const {
    const auto pixels = upload(work.pixels), labels = upload(work.labels);
    const auto order = upload(work.order);
    const auto weights = upload(work.weights), bias = upload(work.bias), pooled_gradient = upload(gradient);
    const auto control = upload(std::vector<Control>{{.source = {.pixels = pixels.data(),
                                                                 .labels = labels.data(),
                                                                 .order = order.data(),
                                                                 .count = work.shape.rows + work.live},
                                                      .step = 1}});
    const auto maps = upload(work.maps);
    const auto pooled = results<float>(work.size());
    const auto winners = results<std::uint16_t>(work.size());
    const auto found_labels = results<std::int32_t>(work.shape.rows);
    first_convolution_forward({pooled.data(), winners.data(), found_labels.data()}, weights.data(), bias.data(),
                              control.data(), work.shape, work.maps.empty() ? nullptr : maps.data(), stream);
    const std::size_t parts = first_convolution_parts(work.shape.rows);
    const auto weights_parts = results<float>(parts * work.weights.size()),
               bias_parts = results<float>(parts * work.bias.size());
    first_convolution_backward({weights_parts.data(), bias_parts.data()}, pooled_gradient.data(), pooled.data(),
                               winners.data(), control.data(), work.shape, work.maps.empty() ? nullptr : maps.data(),
                               stream);
    return {pooled.download(), winners.download(), found_labels.download(),
            sum_of(weights_parts.download(), work.weights.size()), sum_of(bias_parts.download(), work.bias.size())};
  }

  /// Exact work against plain loops, ties included.
  void check(const FirstConvolutionShape& shape, std::uint64_t live) const {
    SCOPED_TRACE(testing::Message() << shape.rows << " rows, " << live << " live, " << shape.width << " wide, kernel "
                                    << shape.kernel << ", padding " << shape.top << ' ' << shape.left << ", "
                                    << shape.filters << " filters");
    const Work work(shape, live);
    const std::vector<float> gradient = random_integers(work.size(), 6);
    const Found found = run(work, gradient);
    std::vector<float> pooled;
    std::vector<std::uint16_t> winners;
    std::vector<double> weights_gradient(work.weights.size()), bias_gradient(work.bias.size());
    for (std::size_t i = 0; i < work.size(); ++i) {
      const std::size_t filter = i % shape.filters, x = i / shape.filters % shape.pooled_width,
                        y = i / shape.filters / shape.pooled_width % shape.pooled_height,
                        row = i / shape.filters / shape.pooled_width / shape.pooled_height;
      double greatest = -1;
      std::size_t winner = 0;
      for (std::size_t place = 0; place < 4; ++place)
        if (const double value = work.convolved(row, 2 * y + place / 2, 2 * x + place % 2, filter); value > greatest) {
          greatest = value;
          winner = place;
        }
      pooled.push_back(static_cast<float>(greatest));
      winners.push_back(static_cast<std::uint16_t>(winner));
      if (greatest <= 0) continue;
      bias_gradient[filter] += static_cast<double>(gradient[i]);
      for (std::size_t t = 0; t < work.taps(); ++t)
        weights_gradient[filter * work.taps() + t] +=
            static_cast<double>(gradient[i]) *
            work.pixel(row, 2 * y + winner / 2 + t / shape.kernel, 2 * x + winner % 2 + t % shape.kernel);
    }
    expect_same(found.pooled, pooled);
    EXPECT_EQ(found.winners, winners);
    expect_near(found.weights_gradient, weights_gradient, 0, 0);
    expect_near(found.bias_gradient, bias_gradient, 0, 0);
    for (std::size_t row = 0; row < shape.rows; ++row)
      ASSERT_EQ(found.labels[row], row < live ? std::int32_t{work.labels[work.image(row)]} : -1) << row;
  }

  /// Any numbers against plain loops in double; what goes back, of gradients of 1, in sum.
  void check_near(const Work& work) const {
    const FirstConvolutionShape& shape = work.shape;
    const Found found = run(work, std::vector<float>(work.size(), 1.0f));
    std::vector<double> greatest, weights_gradient(work.weights.size());
    for (std::size_t i = 0; i < work.size(); ++i) {
      const std::size_t pixel = i / shape.filters, x = pixel % shape.pooled_width,
                        y = pixel / shape.pooled_width % shape.pooled_height,
                        row = pixel / shape.pooled_width / shape.pooled_height, filter = i % shape.filters;
      greatest.push_back(0);
      for (std::size_t place = 0; place < 4; ++place)
        greatest.back() = std::fmax(greatest.back(), work.convolved(row, 2 * y + place / 2, 2 * x + place % 2, filter));
      if (found.pooled[i] <= 0) continue;
      const std::size_t winner = found.winners[i];
      for (std::size_t t = 0; t < work.taps(); ++t)
        weights_gradient[filter * work.taps() + t] +=
            work.pixel(row, 2 * y + winner / 2 + t / shape.kernel, 2 * x + winner % 2 + t % shape.kernel);
    }
    expect_near(found.pooled, greatest, 1e-6, 1e-6);
    expect_near(found.weights_gradient, weights_gradient, 1e-5, 1e-5);
  }

 private:
  static std::vector<float> sum_of(const std::vector<float>& parts, std::size_t size) {
    std::vector<float> sums(size);
    for (std::size_t i = 0; i < parts.size(); ++i) sums[i % size] += parts[i];
    return sums;
  }
};

TEST_F(FirstConvolutionTest, Small) { check(first(2, 7, 3, 1, 3), 2); }

TEST_F(FirstConvolutionTest, EqualsTheDefinition) {
  for (const std::uint32_t kernel : {3u, 5u})
    for (const std::uint32_t padding : {0u, 1u, 2u, 4u})
      for (const std::uint32_t filters : {1u, 33u}) check(first(3, 9, kernel, padding, filters), 3);
  for (const std::uint32_t filters : {2u, 31u, 32u, 40u}) check(first(2, 8, 3, 0, filters), 2);
  FirstConvolutionShape uneven = first(2, 11, 3, 2, 5);
  uneven.left = 0;
  uneven.pooled_width = 2;
  check(uneven, 2);
  check(first(1, 28, 3, 1, 32), 1);
}

TEST_F(FirstConvolutionTest, MasksRows) {
  for (const std::uint64_t live : {112u, 1u, 0u}) check(first(128, 5, 3, 0, 3), live);
}

TEST_F(FirstConvolutionTest, TakesTheGreatestImageThatFits) {
  EXPECT_TRUE(fits_first_convolution(3, 31, 31));
  EXPECT_TRUE(fits_first_convolution(5, 30, 30));
  EXPECT_FALSE(fits_first_convolution(3, 32, 31));
  EXPECT_FALSE(fits_first_convolution(4, 5, 5));
  check(first(1, 64, 3, 0, 2), 1);
}

TEST_F(FirstConvolutionTest, IsNearTheDefinitionWithUnevenNumbers) {
  for (const std::uint32_t kernel : {3u, 5u}) {
    Work work(first(3, 10, kernel, 1, 9), 3);
    work.make_uneven();
    check_near(work);
  }
}

TEST_F(FirstConvolutionTest, MovesImages) {
  for (const std::uint32_t kernel : {3u, 5u}) {
    Work work(first(3, 10, kernel, 1, 9), 3);
    work.make_uneven();
    for (std::uint32_t row = 0; row < 3; ++row)
      work.maps.push_back(image_map({.right = 0.3 * row, .down = -1.2, .degrees = 20, .factor = 0.9}, 11, 10));
    check_near(work);
  }
}

TEST_F(FirstConvolutionTest, LetsNanThrough) {
  Work work(first(2, 9, 3, 0, 3), 2);
  work.weights[9 + 4] = nan;
  const Found found = run(work, std::vector<float>(work.size(), 1.0f));
  for (std::size_t i = 0; i < work.size(); ++i) {
    ASSERT_EQ(std::isnan(found.pooled[i]), i % 3 == 1) << i;
    if (i % 3 == 1) {
      ASSERT_EQ(found.winners[i], 0) << i;
    }
  }
  // The gradient passes the gate of a NaN.
  EXPECT_EQ(found.bias_gradient[1], static_cast<float>(work.size() / 3));
}

}  // namespace
}  // namespace nib::kernels
