// What real exporters write: tests/golden/onnx/README.md.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <variant>

#include "formats/weights.h"
#include "model/layer_names.h"
#include "support/golden.h"
#include "support/reference_engine.h"

namespace nib {
namespace {

struct Exported {
  std::string name;
  std::vector<std::string> layers;
  std::string note;  ///< empty: none
};
std::ostream& operator<<(std::ostream& out, const Exported& exported) { return out << exported.name; }

class OnnxOf : public testing::TestWithParam<Exported> {};

/// Three images of 10x10, as models.py makes them.
Dataset formula_images() {
  Dataset images{
      .rows = 10, .columns = 10, .class_names = {"0", "1", "2", "3", "4"}, .pixels = {}, .labels = {0, 1, 2}};
  for (std::uint32_t number = 0; number < 300; ++number)
    images.pixels.push_back(static_cast<std::uint8_t>(number * number * 7));
  return images;
}

TEST_P(OnnxOf, AnswersAsItsFramework) {
  const WeightsFile model = read_weights(golden::path("onnx/" + GetParam().name + ".onnx"));
  EXPECT_EQ(layer_names(model.network), GetParam().layers);
  if (GetParam().note.empty())
    EXPECT_THAT(model.notes, testing::IsEmpty());
  else
    EXPECT_THAT(model.notes, testing::ElementsAre(testing::HasSubstr(GetParam().note)));

  reference::ReferenceEngine engine(model.network);
  engine.set_parameters(model.parameters);
  const std::vector<double> probabilities = engine.evaluate(formula_images()).probabilities;
  const auto expected = golden::json("onnx/" + GetParam().name + ".json").get<std::vector<std::vector<double>>>();
  ASSERT_EQ(probabilities.size(), expected.size() * 5);
  for (std::size_t index = 0; index < probabilities.size(); ++index)
    EXPECT_NEAR(probabilities[index], expected[index / 5][index % 5], 1e-6) << index;
}

INSTANTIATE_TEST_SUITE_P(
    Exporters, OnnxOf,
    testing::Values(
        Exported{"torch-sequential", {"conv1", "pool1", "flatten", "fc1", "fc2"}, "without softmax"},
        Exported{"torch-module", {"conv1", "pool1", "conv2", "pool2", "flatten", "fc1", "fc2"}, "logarithms"},
        Exported{"torch-training", {"conv1", "pool1", "flatten", "fc1", "dropout1", "fc2"}, "without softmax"},
        Exported{"torch-means", {"conv1", "average_pool1", "conv2", "global_average_pool", "fc1"}, "without softmax"},
        Exported{"keras", {"conv1", "pool1", "conv2", "flatten", "fc1", "fc2"}, ""}));

TEST(OnnxOfExporters, HasTheirDetails) {
  const Network dropout = read_weights(golden::path("onnx/torch-training.onnx")).network;
  EXPECT_EQ(std::get<Dropout>(dropout.layers[4]).rate, 0.25);
  const Network keras = read_weights(golden::path("onnx/keras.onnx")).network;
  EXPECT_EQ(std::get<Convolution>(keras.layers[2]).padding, Padding::same);
  EXPECT_EQ(std::get<Convolution>(keras.layers[2]).stride, (std::array<std::uint32_t, 2>{2, 2}));
  const Network module = read_weights(golden::path("onnx/torch-module.onnx")).network;
  EXPECT_EQ(std::get<Convolution>(module.layers[0]).activation, Activation::relu);
}

TEST(OnnxOfExporters, TakesDropoutFromTheNetworkThatIsAskedFor) {
  Network network = read_weights(golden::path("onnx/keras.onnx")).network;
  network.layers.insert(network.layers.begin() + 4, Dropout{.rate = 0.5});
  EXPECT_EQ(read_weights(golden::path("onnx/keras.onnx"), {.network = network}).network, network);
}

}  // namespace
}  // namespace nib
