#include <gtest/gtest.h>

#include "formats/onnx/onnx_weights.h"
#include "formats/weights_formats.h"
#include "support/golden.h"

namespace nib {
namespace {

WeightsFile weights_of_all_kinds(const Network& network) {
  WeightsFile model;
  model.network = network;
  model.parameters = initial_parameters(network, 3);
  model.data = "mnist";
  model.limit = 7;
  return model;
}

TEST(OnnxRoundTrip, GivesEveryNetworkBack) {
  for (const golden::NamedNetwork& each : golden::networks()) {
    const WeightsFile model = weights_of_all_kinds(each.network);
    const WeightsFile back = parse_weights(onnx_weights_bytes(model, "f"), "f");
    EXPECT_EQ(back.network, model.network) << each.name;
    EXPECT_EQ(back.parameters, model.parameters) << each.name;
    EXPECT_EQ(back.data, "mnist");
    EXPECT_EQ(back.limit, 7u);
    EXPECT_TRUE(back.ours);
    EXPECT_TRUE(back.notes.empty()) << each.name;
  }
}

TEST(OnnxRoundTrip, GivesWeightsBackBitForBitWithTheirMetadata) {
  WeightsFile model = weights_of_all_kinds(digits_network());
  model.class_names = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
  const WeightsFormat& safetensors = *find_weights_format("safetensors");
  const WeightsFile back = parse_weights(onnx_weights_bytes(model, "f"), "f");
  EXPECT_EQ(weights_bytes(safetensors, back, "f"), weights_bytes(safetensors, model, "f"));
}

TEST(OnnxRoundTrip, KeepsDigitsOfADropoutRateThatFloatsHaveNot) {
  Network network = digits_network();
  network.layers.insert(network.layers.begin() + 5, Dropout{.rate = 0.1234567890123});
  const WeightsFile model = weights_of_all_kinds(network);
  EXPECT_EQ(parse_weights(onnx_weights_bytes(model, "f"), "f").network, network);
}

}  // namespace
}  // namespace nib
