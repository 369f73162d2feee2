#include "kernels/activation.h"

#include <utility>

#include "kernels/kernel_test.h"

namespace nib::kernels {
namespace {

/// What comparisons must not swallow or change.
void plant_special_numbers(std::vector<float>& numbers) {
  const float special[] = {nan, -0.0f, infinity, -infinity, 0.0f};
  for (std::size_t i = 0; i < 5 && i < numbers.size(); ++i) numbers[numbers.size() - 1 - i] = special[i];
}

class ActivationTest : public KernelTest {
 protected:
  void check_forward(std::uint64_t rows, std::uint32_t channels, bool relu) const {
    SCOPED_TRACE(testing::Message() << rows << " x " << channels << (relu ? ", relu" : ""));
    std::vector<float> values = random_numbers(rows * channels, 1);
    plant_special_numbers(values);
    std::vector<float> bias = random_numbers(channels, 2);
    bias.back() = -0.0f;
    std::vector<float> expected = values;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      expected[i] += bias[i % channels];
      if (relu && expected[i] < 0.0f) expected[i] = 0.0f;
    }
    const auto in_place = upload(values), on_device = upload(bias);
    bias_activation(in_place.data(), on_device.data(), rows, channels, relu, stream);
    expect_same(in_place.download(), expected);
  }

  void check_backward(std::size_t size) const {
    SCOPED_TRACE(size);
    std::vector<float> outputs = random_numbers(size, 3), gradients = random_numbers(size, 4);
    plant_special_numbers(outputs);
    gradients.front() = nan;
    std::vector<float> expected = gradients;
    for (std::size_t i = 0; i < size; ++i)
      if (outputs[i] <= 0.0f) expected[i] = 0.0f;
    const auto in_place = upload(gradients), on_device = upload(outputs);
    relu_backward(in_place.data(), on_device.data(), size, stream);
    expect_same(in_place.download(), expected);
  }
};

/// rows, channels: one number; less than a block; one row more than a block; more than all blocks hold at once.
const std::vector<std::pair<std::uint64_t, std::uint32_t>> shapes = {{1, 1},    {7, 10},   {257, 1},   {129, 2},
                                                                     {112, 11}, {3, 1000}, {31777, 33}};

TEST_F(ActivationTest, Small) {
  check_forward(7, 100, true);
  check_backward(700);
}

TEST_F(ActivationTest, AddsTheBiasAndShutsWhatIsBelowZero) {
  for (const auto& [rows, channels] : shapes)
    for (const bool relu : {false, true}) check_forward(rows, channels, relu);
}

TEST_F(ActivationTest, LetsGradientsBackThroughOpenReluOnly) {
  for (const auto& [rows, channels] : shapes) check_backward(rows * channels);
}

}  // namespace
}  // namespace nib::kernels
