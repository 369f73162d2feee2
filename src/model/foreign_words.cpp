#include "model/foreign_words.h"

namespace nib {
namespace {

constexpr const char* activation_key = "\"activation\" is a key of the layer before it";
constexpr const char* input_key = "\"input\" stands once, beside \"layers\"";
constexpr const char* keras_document = "this is Keras's own form: docs/formats.md shows that of nib";

}  // namespace

std::span<const Meaning> foreign_layer_types() {
  static const std::vector<Meaning> types = {
      {"conv2d", {"convolution"}},    {"convolution2d", {"convolution"}}, {"conv", {"convolution"}},
      {"maxpooling2d", {"max_pool"}}, {"maxpool2d", {"max_pool"}},        {"maxpool", {"max_pool"}},
      {"linear", {"dense"}},          {"relu", {}, activation_key},       {"softmax", {}, activation_key},
      {"input", {}, input_key},       {"inputlayer", {}, input_key},      {"activation", {}, activation_key}};
  return types;
}

std::span<const Meaning> foreign_keys() {
  static const std::vector<Meaning> keys = {{"class_name", {"type"}, keras_document},
                                            {"config", {}, keras_document},
                                            {"module", {}, keras_document},
                                            {"kernel_size", {"kernel", "size"}},
                                            {"pool_size", {"size"}},
                                            {"strides", {"stride"}},
                                            {"out_channels", {"filters"}},
                                            {"out_features", {"units"}},
                                            {"p", {"rate"}},
                                            {"shape", {"input"}, input_key},
                                            {"input_shape", {"input"}, input_key},
                                            {"batch_shape", {"input"}, input_key},
                                            {"batch_input_shape", {"input"}, input_key}};
  return keys;
}

std::span<const Meaning> foreign_values() {
  static const std::vector<Meaning> values = {{"linear", {"none"}}};
  return values;
}

}  // namespace nib
