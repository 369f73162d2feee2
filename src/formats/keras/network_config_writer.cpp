#include <variant>

#include "formats/keras/network_config.h"

namespace nib::keras {
namespace {

Json pair_json(const std::array<std::uint32_t, 2>& pair) { return Json::array({pair[0], pair[1]}); }

const char* word(Activation activation) {
  switch (activation) {
    case Activation::relu:
      return "relu";
    case Activation::softmax:
      return "softmax";
    case Activation::none:
      break;
  }
  return "linear";
}

struct Described {
  const char* kind;
  Json config;
};

struct Describe {
  Described operator()(const Convolution& layer) const {
    return {"Conv2D",
            {{"filters", layer.filters},
             {"kernel_size", pair_json(layer.kernel)},
             {"strides", pair_json(layer.stride)},
             {"padding", layer.padding == Padding::same ? "same" : "valid"},
             {"activation", word(layer.activation)}}};
  }
  Described operator()(const MaxPool& layer) const {
    return {"MaxPooling2D", {{"pool_size", pair_json(layer.size)}, {"strides", pair_json(layer.stride)}}};
  }
  Described operator()(const AveragePool& layer) const {
    return {"AveragePooling2D", {{"pool_size", pair_json(layer.size)}, {"strides", pair_json(layer.stride)}}};
  }
  Described operator()(const GlobalAveragePool&) const { return {"GlobalAveragePooling2D", Json::object()}; }
  Described operator()(const Flatten&) const { return {"Flatten", Json::object()}; }
  Described operator()(const Dense& layer) const {
    return {"Dense", {{"units", layer.units}, {"activation", word(layer.activation)}}};
  }
  Described operator()(const Dropout& layer) const { return {"Dropout", {{"rate", layer.rate}}}; }
};

Json layer_json(const char* kind, const std::string& name, const Json& settings) {
  Json config = {{"name", name}};
  config.update(settings);
  return {{"module", "keras.layers"}, {"class_name", kind}, {"config", config}, {"registered_name", nullptr}};
}

bool has_kernel(const Layer& layer) {
  return std::holds_alternative<Convolution>(layer) || std::holds_alternative<Dense>(layer);
}

Json regularizer_json(double l2) {
  return {
      {"module", "keras.regularizers"}, {"class_name", "L2"}, {"config", {{"l2", l2}}}, {"registered_name", nullptr}};
}

}  // namespace

Json model_config(const Network& network, double l2) {
  const Shape& input = network.input;
  const Json shape = Json::array({nullptr, input.height, input.width, input.channels});
  Json layers = Json::array({layer_json("InputLayer", "input_layer", {{"batch_shape", shape}})});
  const std::vector<std::string> names = keras_layer_names(network);
  for (std::size_t index = 0; index < network.layers.size(); ++index) {
    Described layer = std::visit(Describe{}, network.layers[index]);
    if (l2 > 0 && has_kernel(network.layers[index])) layer.config["kernel_regularizer"] = regularizer_json(l2);
    layers.push_back(layer_json(layer.kind, names[index], layer.config));
  }
  return {{"module", "keras"},
          {"class_name", "Sequential"},
          {"config", {{"name", "sequential"}, {"layers", std::move(layers)}, {"build_input_shape", shape}}},
          {"registered_name", nullptr}};
}

}  // namespace nib::keras
