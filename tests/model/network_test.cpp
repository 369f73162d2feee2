#include "nib/network.h"

#include <gmock/gmock.h>

#include "model/layer_names.h"

namespace nib {
namespace {

using testing::ElementsAre;

TEST(DigitsNetwork, HasTheParametersOfTheKerasModel) {
  EXPECT_EQ(parameter_count(digits_network()), 225034U);
  EXPECT_EQ(class_count(digits_network()), 10U);
  EXPECT_NO_THROW(validate(digits_network()));
}

TEST(DigitsNetwork, NamesItsParametersInNetworkOrderWeightBeforeBias) {
  std::vector<std::string> names;
  std::vector<std::vector<std::uint32_t>> shapes;
  std::vector<std::size_t> layers;
  for (const ParameterSpec& spec : parameter_specs(digits_network())) {
    names.push_back(spec.name);
    shapes.push_back(spec.shape);
    layers.push_back(spec.layer);
  }
  EXPECT_THAT(names, ElementsAre("conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "fc1.weight", "fc1.bias",
                                 "fc2.weight", "fc2.bias"));
  EXPECT_THAT(shapes, ElementsAre(ElementsAre(32, 1, 3, 3), ElementsAre(32), ElementsAre(64, 32, 3, 3), ElementsAre(64),
                                  ElementsAre(128, 1600), ElementsAre(128), ElementsAre(10, 128), ElementsAre(10)));
  EXPECT_THAT(layers, ElementsAre(0, 0, 2, 2, 5, 5, 6, 6));
}

TEST(DigitsNetwork, CountsFansAsGlorotDoes) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> fans;
  for (const ParameterSpec& spec : parameter_specs(digits_network())) fans.emplace_back(spec.fan_in, spec.fan_out);
  using Fans = std::pair<std::uint64_t, std::uint64_t>;
  EXPECT_THAT(fans, ElementsAre(Fans{9, 288}, Fans{0, 0}, Fans{288, 576}, Fans{0, 0}, Fans{1600, 128}, Fans{0, 0},
                                Fans{128, 10}, Fans{0, 0}));
}

TEST(LayerNames, CountEachKindForItself) {
  Network network = digits_network();
  network.layers.insert(network.layers.begin() + 5, Dropout{0.5});
  network.layers.insert(network.layers.begin() + 2, Dropout{0.25});
  EXPECT_THAT(layer_names(network),
              ElementsAre("conv1", "pool1", "dropout1", "conv2", "pool2", "flatten", "dropout2", "fc1", "fc2"));
  EXPECT_THAT(keras_layer_names(network), ElementsAre("conv2d", "max_pooling2d", "dropout", "conv2d_1",
                                                      "max_pooling2d_1", "flatten", "dropout_1", "dense", "dense_1"));
  EXPECT_EQ(layer_label(network, 3), "layer 4 (conv2)");
}

TEST(ParameterSpecs, KernelsAreOutInHeightWidth) {
  const Network network{{8, 9, 3}, {Convolution{.filters = 5, .kernel = {2, 4}}}};
  const std::vector<ParameterSpec> specs = parameter_specs(network);
  EXPECT_THAT(specs[0].shape, ElementsAre(5, 3, 2, 4));
  EXPECT_EQ(specs[0].fan_in, 24U);
  EXPECT_EQ(specs[0].fan_out, 40U);
  EXPECT_EQ(specs[0].size(), 120U);
}

}  // namespace
}  // namespace nib
