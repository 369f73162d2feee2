#include "kernels/dropout.h"

#include "kernels/kernel_test.h"

namespace nib::kernels {
namespace {

class DropoutTest : public KernelTest {
 protected:
  static std::size_t size(const DropoutShape& shape) {
    return std::size_t{shape.rows} * shape.height * shape.width * shape.channels;
  }

  static std::vector<float> expected(const std::vector<float>& from, const DropoutShape& shape, std::uint64_t step) {
    std::vector<float> to;
    for (std::uint64_t row = 0; row < shape.rows; ++row)
      for (std::uint64_t y = 0; y < shape.height; ++y)
        for (std::uint64_t x = 0; x < shape.width; ++x)
          for (std::uint64_t channel = 0; channel < shape.channels; ++channel) {
            const std::uint64_t element =
                ((row * shape.layer_height + y) * shape.layer_width + x) * shape.channels + channel;
            const bool keeps = dropout_keeps(shape.seed, shape.layer, step, element, shape.rate);
            to.push_back(keeps ? from[to.size()] * shape.scale : 0.0f);
          }
    return to;
  }

  void check(const DropoutShape& shape) const {
    SCOPED_TRACE(testing::Message() << shape.rows << " x " << shape.height << " x " << shape.width << " x "
                                    << shape.channels << " of " << shape.layer_height << " x " << shape.layer_width);
    std::vector<float> from = random_numbers(size(shape), 1);
    from.front() = nan;
    from.back() = infinity;
    const auto control = upload(std::vector<Control>{{.finished_steps = 41}});
    const auto to = results<float>(size(shape)), on_device = upload(from), in_place = upload(from);
    dropout(to.data(), on_device.data(), control.data(), shape, stream);
    dropout(in_place.data(), in_place.data(), control.data(), shape, stream);
    const std::vector<float> dropped = expected(from, shape, 42);
    expect_same(to.download(), dropped);
    expect_same(in_place.download(), dropped);
  }

  static DropoutShape dense(std::uint32_t rows, std::uint32_t units) {
    return {.rows = rows,
            .height = 1,
            .width = 1,
            .channels = units,
            .layer_height = 1,
            .layer_width = 1,
            .layer = 6,
            .rate = 0.25f,
            .scale = 4.0f / 3.0f,
            .seed = 77};
  }
};

TEST_F(DropoutTest, Small) { check(dense(7, 129)); }

TEST_F(DropoutTest, DrawsTheDefinedMaskBehindDenseLayers) {
  for (const std::uint32_t rows : {1u, 7u, 112u, 128u})
    for (const std::uint32_t units : {1u, 10u, 128u, 129u}) check(dense(rows, units));
}

TEST_F(DropoutTest, NumbersElementsByTheWholeLayer) {
  DropoutShape shape = dense(5, 11);
  shape.height = shape.layer_height = 9;
  shape.width = shape.layer_width = 13;
  check(shape);
  shape.layer_height = 11;
  check(shape);
  shape.layer_width = 14;
  check(shape);
  for (const std::uint32_t channels : {1u, 2u, 4u}) {  // lines that begin at any place of a counter, and short ones
    shape.width = 1;
    shape.channels = channels;
    check(shape);
  }
}

TEST_F(DropoutTest, HasMoreThanBlocksHoldAtOnce) {
  check(dense(2100, 1000));
  DropoutShape shape = dense(4099, 3);  // images: each a line
  shape.layer_height = 2;
  check(shape);
  shape.rows = 2;
  shape.height = shape.layer_height = 4101;  // lines
  shape.layer_width = 2;
  check(shape);
}

TEST_F(DropoutTest, KeepsEverythingAtRateZero) {
  DropoutShape shape = dense(3, 50);
  shape.rate = 0;
  shape.scale = 1;
  const std::vector<float> numbers = random_numbers(150, 2);
  const auto control = upload(std::vector<Control>{{}});
  const auto to = results<float>(150), from = upload(numbers);
  dropout(to.data(), from.data(), control.data(), shape, stream);
  expect_same(to.download(), numbers);
}

TEST_F(DropoutTest, DrawsAnotherMaskInEachStep) {
  const DropoutShape shape = dense(20, 50);
  const std::vector<float> ones(1000, 1.0f);
  const auto from = upload(ones);
  const auto to = results<float>(1000);
  std::vector<float> previous;
  for (const std::uint64_t finished : {0u, 1u, 2u}) {
    const auto control = upload(std::vector<Control>{{.finished_steps = finished}});
    dropout(to.data(), from.data(), control.data(), shape, stream);
    const std::vector<float> mask = to.download();
    expect_same(mask, expected(ones, shape, finished + 1));
    EXPECT_NE(mask, previous);
    previous = mask;
  }
}

}  // namespace
}  // namespace nib::kernels
