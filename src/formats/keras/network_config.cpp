#include "formats/keras/network_config.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>
#include <variant>

#include "base/error.h"
#include "base/text.h"

namespace nib::keras {
namespace {

/// Refuses a setting that has another value than nib's layers have; a missing one has Keras's own, which is that.
void require(const JsonReader& config, const std::string& key, const std::vector<Json>& values) {
  const auto found = config.find(key);
  if (!found || std::ranges::find(values, found->value()) != values.end()) return;
  throw found->error("nib's layer has no such setting", json_line(values.front()), json_line(found->value()));
}

/// [height, width], or one number for both.
std::array<std::uint32_t, 2> pair(const JsonReader& value) {
  if (!value.value().is_number()) return value.pair();
  const std::uint32_t both = value.count();
  return {both, both};
}

std::array<std::uint32_t, 2> pair_or(const JsonReader& config, const std::string& key,
                                     std::array<std::uint32_t, 2> standard) {
  const auto found = config.find(key);
  return found ? pair(*found) : standard;
}

Activation activation_of(const JsonReader& config) {
  const auto found = config.find("activation");
  if (!found) return Activation::none;
  static constexpr std::array<std::pair<std::string_view, Activation>, 3> known{
      {{"linear", Activation::none}, {"relu", Activation::relu}, {"softmax", Activation::softmax}}};
  for (const auto& [word, activation] : known)
    if (found->value() == Json(word)) return activation;
  throw found->error("nib has no such activation", "\"relu\", \"softmax\" or \"linear\"",
                     printable(json_line(found->value()), 100));
}

Padding padding_of(const JsonReader& config) {
  const auto found = config.find("padding");
  return found && found->word_index({"valid", "same"}) == 1 ? Padding::same : Padding::valid;
}

/// Builds the network layer by layer.
class Builder {
 public:
  void take(const JsonReader& layer) {
    const JsonReader kind = layer.at("class_name");
    const JsonReader config = layer.at("config");
    const auto reader = std::ranges::find(readers, kind.text(), &LayerReader::kind);
    if (reader == readers.end())
      throw kind.error("nib has no such layer", known_kinds(), printable(kind.text(), 60) + name_in_brackets(config));
    take_input(config);
    (this->*reader->read)(config);
    if (named_.network.layers.size() > named_.layer_names.size()) {
      const auto name = config.find("name");
      named_.layer_names.push_back(name ? name->text() : "");
    }
  }

  /// The shape that a model has got from its first data, where no layer tells it.
  void take_built_shape(const JsonReader& model_config) {
    if (const auto shape = model_config.find("build_input_shape"); shape && !input_) input_ = image_shape(*shape);
  }

  NamedNetwork network(const JsonReader& model) {
    if (!input_) throw model.error("the model does not tell the shape of its input");
    named_.network.input = *input_;
    return std::move(named_);
  }

 private:
  struct LayerReader {
    std::string_view kind;
    void (Builder::*read)(const JsonReader& config);
  };

  static std::string known_kinds() {
    std::string text;
    for (const LayerReader& reader : readers) text += (text.empty() ? "" : ", ") + std::string(reader.kind);
    return text;
  }

  static std::string name_in_brackets(const JsonReader& config) {
    const auto name = config.find("name");
    return name && name->value().is_text() ? " (" + printable(name->text(), 60) + ")" : "";
  }

  static Shape image_shape(const JsonReader& shape) {
    const std::vector<JsonReader> sizes = shape.items();
    if (sizes.size() != 4)
      throw shape.error("not the shape of images", "[null, height, width, channels]", json_line(shape.value()));
    return {.height = sizes[1].count(), .width = sizes[2].count(), .channels = sizes[3].count()};
  }

  /// Keras 3 tells it in an InputLayer, Keras 2 also in the first layer.
  void take_input(const JsonReader& config) {
    for (const char* key : {"batch_shape", "batch_input_shape"})
      if (const auto shape = config.find(key); shape && !input_) input_ = image_shape(*shape);
  }

  void read_input(const JsonReader&) {}

  /// Pixels that are bytes, as nib takes them: its networks divide by 255 themselves.
  void read_rescaling(const JsonReader& config) {
    constexpr double scale = 1.0 / 255;
    const JsonReader given = config.at("scale");
    if (!named_.network.layers.empty() || std::abs(given.number() - scale) > 1e-6 * scale)
      throw given.error("nib scales pixels before the first layer, by 1/255", {}, json_line(given.value()));
    require(config, "offset", {Json(0)});
  }

  void read_convolution(const JsonReader& config) {
    require(config, "data_format", {Json("channels_last")});
    require(config, "dilation_rate", {Json::array({1, 1}), Json(1)});
    require(config, "groups", {Json(1)});
    require(config, "use_bias", {Json(true)});
    add(Convolution{.filters = config.at("filters").count(),
                    .kernel = pair(config.at("kernel_size")),
                    .stride = pair_or(config, "strides", {1, 1}),
                    .padding = padding_of(config),
                    .activation = activation_of(config)});
  }

  template <typename Pool>
  void read_pooling(const JsonReader& config) {
    require(config, "data_format", {Json("channels_last")});
    require(config, "padding", {Json("valid")});
    const auto size = pair_or(config, "pool_size", {2, 2});
    add(Pool{.size = size, .stride = pair_or(config, "strides", size)});
  }

  void read_global_average_pooling(const JsonReader& config) {
    require(config, "data_format", {Json("channels_last")});
    require(config, "keepdims", {Json(false)});
    add(GlobalAveragePool{});
  }

  void read_flatten(const JsonReader& config) {
    require(config, "data_format", {Json("channels_last")});
    add(Flatten{});
  }

  void read_dense(const JsonReader& config) {
    require(config, "use_bias", {Json(true)});
    add(Dense{.units = config.at("units").count(), .activation = activation_of(config)});
  }

  void read_dropout(const JsonReader& config) {
    require(config, "noise_shape", {Json()});
    add(Dropout{.rate = config.at("rate").number()});
  }

  void read_activation(const JsonReader& config) { activate(config, activation_of(config)); }

  void read_relu(const JsonReader& config) {
    require(config, "max_value", {Json()});
    for (const char* key : {"negative_slope", "threshold"}) require(config, key, {Json(0)});
    activate(config, Activation::relu);
  }

  void read_softmax(const JsonReader& config) {
    require(config, "axis", {Json(-1)});
    activate(config, Activation::softmax);
  }

  void add(Layer layer) { named_.network.layers.push_back(std::move(layer)); }

  void activate(const JsonReader& config, Activation activation) {
    if (activation == Activation::none) return;
    Activation* before = nullptr;
    if (!named_.network.layers.empty()) {
      Layer& last = named_.network.layers.back();
      if (auto* convolution = std::get_if<Convolution>(&last)) before = &convolution->activation;
      if (auto* dense = std::get_if<Dense>(&last)) before = &dense->activation;
    }
    if (before == nullptr || *before != Activation::none)
      throw config.error("an activation has to follow a convolution or a dense layer that has none");
    *before = activation;
  }

  static const std::array<LayerReader, 12> readers;

  NamedNetwork named_;
  std::optional<Shape> input_;
};

const std::array<Builder::LayerReader, 12> Builder::readers{
    {{"InputLayer", &Builder::read_input},
     {"Rescaling", &Builder::read_rescaling},
     {"Conv2D", &Builder::read_convolution},
     {"MaxPooling2D", &Builder::read_pooling<MaxPool>},
     {"AveragePooling2D", &Builder::read_pooling<AveragePool>},
     {"GlobalAveragePooling2D", &Builder::read_global_average_pooling},
     {"Flatten", &Builder::read_flatten},
     {"Dense", &Builder::read_dense},
     {"Dropout", &Builder::read_dropout},
     {"Activation", &Builder::read_activation},
     {"ReLU", &Builder::read_relu},
     {"Softmax", &Builder::read_softmax}}};

}  // namespace

NamedNetwork read_model_config(const JsonReader& model) {
  const JsonReader kind = model.at("class_name");
  if (kind.text() != "Sequential") throw kind.error("not a sequential model", "Sequential", printable(kind.text(), 60));
  const JsonReader config = model.at("config");
  Builder builder;
  // Up to Keras 2.2 the configuration is the list of the layers.
  for (const JsonReader& layer : (config.is_array() ? config : config.at("layers")).items()) builder.take(layer);
  if (!config.is_array()) builder.take_built_shape(config);
  NamedNetwork named = builder.network(model);
  validate(named.network);
  return named;
}

}  // namespace nib::keras
