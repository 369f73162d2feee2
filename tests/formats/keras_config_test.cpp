#include <gtest/gtest.h>

#include <string>

#include "base/error.h"
#include "formats/keras/network_config.h"
#include "formats/tiny_file.h"

namespace nib::keras {
namespace {

const std::string document = "f";

NamedNetwork read(const std::string& text) {
  const Json json = parse_json(text, document, deepest_config);
  return read_model_config(JsonReader(json, document));
}

std::string refusal(const std::string& text) {
  try {
    read(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    return error.what();
  }
  return "none";
}

std::string layer(const std::string& kind, const std::string& settings) {
  return R"({"class_name":")" + kind + R"(","config":{"name":"it",)" + settings + "}}";
}

/// A model of images of 8x8 with one layer of its own between its input and its end.
std::string model(const std::string& own) {
  return R"({"class_name":"Sequential","config":{"layers":[)" + layer("InputLayer", R"("batch_shape":[null,8,8,1])") +
         ',' + (own.empty() ? "" : own + ',') + layer("Flatten", R"("data_format":"channels_last")") + ',' +
         layer("Dense", R"("units":3,"activation":"softmax")") + "]}}";
}

const std::string convolution = R"("filters":2,"kernel_size":[3,3])";

TEST(KerasConfig, OfKeras2TellsTheInputInItsFirstLayer) {
  const NamedNetwork named = read(R"({"class_name":"Sequential","config":[)" +
                                  layer("Conv2D", R"("batch_input_shape":[null,8,8,1],)" + convolution) + ',' +
                                  layer("Flatten", R"("trainable":true)") + ',' +
                                  layer("Dense", R"("units":3,"activation":"softmax")") + "]}");
  EXPECT_EQ(named.network.input, (Shape{8, 8, 1}));
  EXPECT_EQ(std::get<Convolution>(named.network.layers[0]), (Convolution{.filters = 2}));
  EXPECT_EQ(named.layer_names, (std::vector<std::string>{"it", "it", "it"}));
}

TEST(KerasConfig, TakesActivationsThatAreLayers) {
  const auto activation_behind = [](const std::string& layers) {
    return std::get<Convolution>(read(model(layers)).network.layers[0]).activation;
  };
  const std::string plain = layer("Conv2D", convolution) + ',';
  EXPECT_EQ(activation_behind(plain + layer("Activation", R"("activation":"relu")")), Activation::relu);
  EXPECT_EQ(activation_behind(plain + layer("ReLU", R"("negative_slope":0.0,"max_value":null)")), Activation::relu);
  EXPECT_EQ(activation_behind(plain + layer("Activation", R"("activation":"linear")")), Activation::none);
  EXPECT_EQ(read(model(layer("Rescaling", R"("scale":0.00392156862745098,"offset":0)"))).network.layers.size(), 2u);
}

TEST(KerasConfig, RefusesWhatNibDoesNotKnow) {
  const std::string at = "f: config.layers[1].";
  const std::string known =
      " (expected InputLayer, Rescaling, Conv2D, MaxPooling2D, AveragePooling2D, GlobalAveragePooling2D, Flatten, "
      "Dense, Dropout, Activation, ReLU, Softmax, got ";
  EXPECT_EQ(refusal(model(layer("BatchNormalization", R"("axis":-1)"))),
            at + "class_name: nib has no such layer" + known + "BatchNormalization (it))");
  const auto refused = [&](const std::string& kind, const std::string& settings) {
    return refusal(model(layer(kind, settings)));
  };
  const std::string setting = ": nib's layer has no such setting (expected ";
  EXPECT_EQ(refused("Conv2D", convolution + R"(,"use_bias":false)"),
            at + "config.use_bias" + setting + "true, got false)");
  EXPECT_EQ(refused("Conv2D", convolution + R"(,"dilation_rate":[2,2])"),
            at + "config.dilation_rate" + setting + "[1,1], got [2,2])");
  EXPECT_EQ(refused("Conv2D", convolution + R"(,"data_format":"channels_first")"),
            at + "config.data_format" + setting + "\"channels_last\", got \"channels_first\")");
  EXPECT_EQ(
      refused("Conv2D", convolution + R"(,"activation":"gelu")"),
      at +
          "config.activation: nib has no such activation (expected \"relu\", \"softmax\" or \"linear\", got \"gelu\")");
  EXPECT_EQ(refused("MaxPooling2D", R"("pool_size":2,"padding":"same")"),
            at + "config.padding" + setting + "\"valid\", got \"same\")");
  EXPECT_EQ(refused("GlobalAveragePooling2D", R"("keepdims":true)"),
            at + "config.keepdims" + setting + "false, got true)");
  EXPECT_EQ(refused("ReLU", R"("max_value":6.0)"), at + "config.max_value" + setting + "null, got 6.0)");
  EXPECT_EQ(refused("Activation", R"("activation":"relu")"),
            at + "config: an activation has to follow a convolution or a dense layer that has none");
  EXPECT_EQ(refused("Rescaling", R"("scale":2,"offset":0)"),
            at + "config.scale: nib scales pixels before the first layer, by 1/255 (got 2)");
}

TEST(KerasConfig, RefusesModelsThatAreNotSequential) {
  EXPECT_EQ(refusal(R"({"class_name":"Functional","config":{}})"),
            "f: class_name: not a sequential model (expected Sequential, got Functional)");
  EXPECT_EQ(refusal(R"({"class_name":"Sequential","config":{"layers":[]}})"),
            "f: the model does not tell the shape of its input");
  EXPECT_EQ(refusal(R"({"config":{}})"), "f: class_name: key is missing");
}

TEST(KerasConfig, IsWrittenAsItIsRead) {
  const Json config = model_config(digits_network());
  const NamedNetwork named = read_model_config(JsonReader(config, document));
  EXPECT_EQ(named.network, digits_network());
  EXPECT_EQ(named.layer_names, keras_layer_names(digits_network()));
}

}  // namespace
}  // namespace nib::keras
