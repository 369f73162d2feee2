#include "model/foreign_words.h"

namespace nib {
namespace {

constexpr const char* activation_key = "\"activation\" is a key of the layer before it";
constexpr const char* input_key = "\"input\" stands once, beside \"layers\"";
constexpr const char* other_layer = "not supported: docs/formats.md shows the layers that nib has";
constexpr const char* other_activation = "not supported: nib has \"relu\", and \"softmax\" in the last layer";
constexpr const char* keras_document = "this is Keras's own form: docs/formats.md shows that of nib";

}  // namespace

std::span<const Meaning> foreign_layer_types() {
  static const std::vector<Meaning> types = {{"conv2d", {"convolution"}},
                                             {"convolution2d", {"convolution"}},
                                             {"conv", {"convolution"}},
                                             {"maxpooling2d", {"max_pool"}},
                                             {"maxpool2d", {"max_pool"}},
                                             {"maxpool", {"max_pool"}},
                                             {"averagepooling2d", {"average_pool"}},
                                             {"avgpool2d", {"average_pool"}},
                                             {"avgpool", {"average_pool"}},
                                             {"meanpool", {"average_pool"}},
                                             {"meanpool2d", {"average_pool"}},
                                             {"meanpooling2d", {"average_pool"}},
                                             {"globalaveragepooling2d", {"global_average_pool"}},
                                             {"globalavgpool", {"global_average_pool"}},
                                             {"globalmeanpool", {"global_average_pool"}},
                                             {"linear", {"dense"}},
                                             {"relu", {}, activation_key},
                                             {"softmax", {}, activation_key},
                                             {"input", {}, input_key},
                                             {"inputlayer", {}, input_key},
                                             {"activation", {}, activation_key},
                                             {"batchnormalization", {}, other_layer},
                                             {"batchnorm2d", {}, other_layer},
                                             {"batchnorm1d", {}, other_layer},
                                             {"layernormalization", {}, other_layer},
                                             {"depthwiseconv2d", {}, other_layer},
                                             {"separableconv2d", {}, other_layer},
                                             {"conv2dtranspose", {}, other_layer},
                                             {"globalmaxpooling2d", {}, other_layer},
                                             {"zeropadding2d", {}, other_layer},
                                             {"sigmoid", {}, other_activation},
                                             {"tanh", {}, other_activation},
                                             {"gelu", {}, other_activation},
                                             {"elu", {}, other_activation},
                                             {"leakyrelu", {}, other_activation},
                                             {"prelu", {}, other_activation}};
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
  static const std::vector<Meaning> values = {
      {"linear", {"none"}},           {"sigmoid", {}, other_activation}, {"tanh", {}, other_activation},
      {"gelu", {}, other_activation}, {"elu", {}, other_activation},     {"selu", {}, other_activation},
      {"silu", {}, other_activation}, {"swish", {}, other_activation},   {"leaky_relu", {}, other_activation},
      {"relu6", {}, other_activation}};
  return values;
}

}  // namespace nib
