#include <gmock/gmock.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "nib/network.h"

namespace nib {
namespace {

using testing::ElementsAre;

constexpr Dense ten_classes{10, Activation::softmax};

/// The message with which `validate` refuses a network, or "" when it does not.
std::string refusal(const Network& network) {
  try {
    validate(network);
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    return error.what();
  }
}

std::vector<Shape> shapes_of(Shape input, std::vector<Layer> layers) {
  return output_shapes({input, std::move(layers)});
}

TEST(OutputShapes, OfTheDigitsNetwork) {
  EXPECT_THAT(output_shapes(digits_network()),
              ElementsAre(Shape{26, 26, 32}, Shape{13, 13, 32}, Shape{11, 11, 64}, Shape{5, 5, 64},
                          Shape{1, 1, 1600, true}, Shape{1, 1, 128, true}, Shape{1, 1, 10, true}));
}

TEST(OutputShapes, ValidPaddingDropsWhatDoesNotFillAWindow) {
  EXPECT_THAT(shapes_of({10, 11, 1}, {Convolution{.filters = 4, .kernel = {3, 4}, .stride = {2, 3}}}),
              ElementsAre(Shape{4, 3, 4}));
  EXPECT_THAT(shapes_of({10, 11, 2}, {MaxPool{{3, 3}, {2, 4}}}), ElementsAre(Shape{4, 3, 2}));
  EXPECT_THAT(shapes_of({10, 11, 2}, {AveragePool{{3, 3}, {2, 4}}}), ElementsAre(Shape{4, 3, 2}));
}

TEST(OutputShapes, AGlobalAverageIsAVector) {
  EXPECT_THAT(shapes_of({10, 11, 2}, {GlobalAveragePool{}}), ElementsAre(Shape{1, 1, 2, true}));
}

TEST(OutputShapes, SamePaddingDividesByTheStrideAndRoundsUp) {
  const auto same = [](std::array<std::uint32_t, 2> stride) {
    return Convolution{.filters = 4, .kernel = {5, 5}, .stride = stride, .padding = Padding::same};
  };
  EXPECT_THAT(shapes_of({10, 11, 1}, {same({1, 1})}), ElementsAre(Shape{10, 11, 4}));
  EXPECT_THAT(shapes_of({10, 11, 1}, {same({3, 2})}), ElementsAre(Shape{4, 6, 4}));
  EXPECT_THAT(shapes_of({3, 3, 1}, {same({1, 1})}), ElementsAre(Shape{3, 3, 4}));
}

TEST(OutputShapes, DropoutKeepsTheShape) {
  EXPECT_THAT(shapes_of({4, 5, 6}, {Dropout{0.5}, Flatten{}, Dropout{0}}),
              ElementsAre(Shape{4, 5, 6}, Shape{1, 1, 120, true}, Shape{1, 1, 120, true}));
}

TEST(Validate, NamesTheLayerWhoseKernelDoesNotFit) {
  Network network = digits_network();
  network.input = {10, 10, 1};
  std::get<Convolution>(network.layers[2]).kernel = {5, 5};
  EXPECT_EQ(refusal(network), "layer 3 (conv2): kernel 5x5 does not fit its input 4x4");
}

TEST(Validate, NamesTheLayerWhosePoolDoesNotFit) {
  EXPECT_EQ(refusal({{3, 8, 1}, {MaxPool{}, MaxPool{}, Flatten{}, ten_classes}}),
            "layer 2 (pool2): size 2x2 does not fit its input 1x4");
}

TEST(Validate, RefusesSizesOfZeroAndOverflow) {
  constexpr std::uint32_t huge = std::numeric_limits<std::uint32_t>::max();
  const auto message = [](Layer layer) { return refusal({{28, 28, 1}, {layer, Flatten{}, ten_classes}}); };
  EXPECT_EQ(message(Convolution{.filters = 0}), "layer 1 (conv1): has no filters (expected at least 1, got 0)");
  EXPECT_EQ(message(Convolution{.filters = 1, .kernel = {0, 3}}),
            "layer 1 (conv1): kernel out of range (expected 1 to 256 each, got 0x3)");
  EXPECT_EQ(message(Convolution{.filters = 1, .stride = {1, 0}}),
            "layer 1 (conv1): stride out of range (expected 1 to 256 each, got 1x0)");
  EXPECT_EQ(message(MaxPool{{2, huge}, {2, 2}}),
            "layer 1 (pool1): size out of range (expected 1 to 256 each, got 2x4294967295)");
  EXPECT_EQ(message(MaxPool{{2, 2}, {0, 2}}), "layer 1 (pool1): stride out of range (expected 1 to 256 each, got 0x2)");
  EXPECT_EQ(message(Convolution{.filters = huge}),
            "layer 1 (conv1): output is too large (expected at most 16777216 numbers, got 26x26x4294967295)");
}

TEST(Validate, RefusesInputsThatAreNoImage) {
  const auto message = [](Shape input) { return refusal({input, {Flatten{}, ten_classes}}); };
  EXPECT_EQ(message({0, 28, 1}), "input: height or width out of range (expected 1 to 256 each, got 0x28x1)");
  EXPECT_EQ(message({28, 257, 1}), "input: height or width out of range (expected 1 to 256 each, got 28x257x1)");
  EXPECT_EQ(message({28, 28, 0}), "input: has no channels (expected at least 1, got 28x28x0)");
  EXPECT_EQ(message({256, 256, 257}), "input: image is too large (expected at most 16777216 numbers, got 256x256x257)");
  EXPECT_EQ(message({1, 1, 10, true}),
            "input: must be an image (expected height x width x channels, got a flat vector)");
  EXPECT_EQ(message({256, 256, 1}), "");
}

TEST(Validate, RefusesLayersOnTheWrongSideOfFlatten) {
  EXPECT_EQ(refusal({{8, 8, 2}, {Dense{5}, Flatten{}, ten_classes}}),
            "layer 1 (fc1): needs a flat input (expected a vector, got 8x8x2)");
  EXPECT_EQ(refusal({{8, 8, 2}, {Flatten{}, MaxPool{}, ten_classes}}),
            "layer 2 (pool1): needs an image as its input (expected height x width x channels, got a flat vector of "
            "128)");
  EXPECT_EQ(refusal({{8, 8, 2}, {Flatten{}, Flatten{}, ten_classes}}),
            "layer 2 (flatten2): needs an image as its input (expected height x width x channels, got a flat vector of "
            "128)");
}

TEST(Validate, RefusesRatesThatAreNoProbability) {
  for (const double rate : {-0.1, 1.0, 1.5, 1 - 1e-12, std::numeric_limits<double>::quiet_NaN()})
    EXPECT_THAT(refusal({{8, 8, 1}, {Dropout{rate}, Flatten{}, ten_classes}}),
                testing::StartsWith("layer 1 (dropout1): rate out of range (expected at least 0, below 1, got "))
        << rate;
}

TEST(Validate, WantsSoftmaxInTheLastLayerAndOnlyThere) {
  EXPECT_EQ(refusal({{4, 4, 1}, {Flatten{}, Dense{10, Activation::relu}}}),
            "layer 2 (fc1): the last layer must be dense with activation softmax");
  EXPECT_EQ(refusal({{4, 4, 1}, {Flatten{}, ten_classes, Dropout{0.5}}}),
            "layer 2 (fc1): softmax belongs to the last layer alone (expected relu or none, got softmax)");
  EXPECT_EQ(refusal({{4, 4, 1}, {Flatten{}}}),
            "layer 1 (flatten): the last layer must be dense with activation softmax");
  EXPECT_EQ(
      refusal({{4, 4, 1}, {Convolution{.filters = 2, .activation = Activation::softmax}, Flatten{}, ten_classes}}),
      "layer 1 (conv1): a convolution cannot have softmax (expected relu or none, got softmax)");
}

TEST(Validate, WantsTwoClassesToAsManyAsALabelCanName) {
  const auto message = [](std::uint32_t units) {
    return refusal({{4, 4, 1}, {Flatten{}, Dense{units, Activation::softmax}}});
  };
  EXPECT_EQ(message(1),
            "layer 2 (fc1): number of classes out of range (expected 2 to 256 units in the last layer, got 1)");
  EXPECT_EQ(message(257),
            "layer 2 (fc1): number of classes out of range (expected 2 to 256 units in the last layer, got 257)");
  EXPECT_EQ(message(2), "");
  EXPECT_EQ(message(256), "");
}

TEST(Validate, BoundsTheNumberOfLayers) {
  const auto message = [](std::size_t dropouts) {
    Network network{{4, 4, 1}, std::vector<Layer>(dropouts, Dropout{0.1})};
    network.layers.emplace_back(Flatten{});
    network.layers.emplace_back(ten_classes);
    return refusal(network);
  };
  EXPECT_EQ(refusal({{4, 4, 1}, {}}), "layers: number of layers out of range (expected 1 to 64, got 0)");
  EXPECT_EQ(message(62), "");
  EXPECT_EQ(message(63), "layers: number of layers out of range (expected 1 to 64, got 65)");
}

TEST(Validate, BoundsTheNumberOfParameters) {
  // 2^16 x 2^12 = 2^28 weights alone are at the bound; with the biases they are over it.
  EXPECT_EQ(refusal({{256, 256, 1}, {Flatten{}, Dense{4096}, ten_classes}}),
            "layer 2 (fc1): the network has too many parameters up to here (expected at most 268435456)");
  EXPECT_EQ(refusal({{256, 256, 1}, {Flatten{}, Dense{4095}, ten_classes}}), "");
  EXPECT_EQ(refusal({{256, 256, 1}, {Flatten{}, Dense{4095}, Dense{64}, ten_classes}}),
            "layer 3 (fc2): the network has too many parameters up to here (expected at most 268435456)");
}

TEST(Validate, CountsParametersWithoutOverflow) {
  // 2^24 filters of 256x256 on 2^24 channels would be 2^64 weights.
  const std::uint32_t most = 1U << 24;
  const Convolution convolution{.filters = most, .kernel = {256, 256}, .padding = Padding::same};
  EXPECT_EQ(refusal({{1, 1, most}, {convolution, Flatten{}, ten_classes}}),
            "layer 1 (conv1): the network has too many parameters up to here (expected at most 268435456)");
}

}  // namespace
}  // namespace nib
