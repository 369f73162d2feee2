#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "formats/safetensors_file.h"
#include "formats/tensor_layouts.h"
#include "formats/tiny_file.h"
#include "formats/weights.h"

// Weights as other libraries name and lay them out: the same numbers in the end.
namespace nib {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Two convolutions, of which the second is flattened, and three dense layers, two of one shape.
Network network() {
  const Activation relu = Activation::relu;
  return {.input = {.height = 6, .width = 7, .channels = 1},
          .layers = {Convolution{.filters = 2, .kernel = {3, 2}, .activation = relu},
                     Convolution{.filters = 3, .kernel = {3, 2}, .activation = relu}, Flatten{},
                     Dense{.units = 4, .activation = relu}, Dense{.units = 4, .activation = relu},
                     Dense{.units = 4, .activation = Activation::softmax}}};
}

/// A different number at every place.
Parameters counted(const Network& network) {
  Parameters parameters = zero_parameters(network);
  float next = 0;
  for (Tensor& tensor : parameters.tensors)
    for (float& value : tensor.values) value = next += 0.25f;
  return parameters;
}

float kernel_at(const Tensor& kernel, std::size_t out, std::size_t in, std::size_t y, std::size_t x) {
  return kernel.values[((out * kernel.shape[1] + in) * kernel.shape[2] + y) * kernel.shape[3] + x];
}

/// (height, width, in, out) as Keras and JAX have it, or (out, height, width, in) as MLX.
Tensor convolution_kernel(const Tensor& kernel, bool keras) {
  const auto out = kernel.shape[0], in = kernel.shape[1], height = kernel.shape[2], width = kernel.shape[3];
  Tensor result{kernel.name, {out, height, width, in}, {}};
  if (keras) result.shape = {height, width, in, out};
  for (std::uint32_t a = 0; a < result.shape[0]; ++a)
    for (std::uint32_t b = 0; b < result.shape[1]; ++b)
      for (std::uint32_t c = 0; c < result.shape[2]; ++c)
        for (std::uint32_t d = 0; d < result.shape[3]; ++d)
          result.values.push_back(keras ? kernel_at(kernel, d, c, a, b) : kernel_at(kernel, a, d, b, c));
  return result;
}

/// The weight (out, in) behind Flatten with its inputs counted (row, column, channel).
Tensor with_channels_last(const Tensor& weight, const Shape& image) {
  Tensor result{weight.name, weight.shape, {}};
  for (std::uint32_t out = 0; out < weight.shape[0]; ++out)
    for (std::uint32_t y = 0; y < image.height; ++y)
      for (std::uint32_t x = 0; x < image.width; ++x)
        for (std::uint32_t channel = 0; channel < image.channels; ++channel)
          result.values.push_back(
              weight.values[out * weight.shape[1] + (channel * image.height + y) * image.width + x]);
  return result;
}

Tensor transposed(const Tensor& weight) {
  Tensor result{weight.name, {weight.shape[1], weight.shape[0]}, {}};
  for (std::uint32_t in = 0; in < weight.shape[1]; ++in)
    for (std::uint32_t out = 0; out < weight.shape[0]; ++out)
      result.values.push_back(weight.values[out * weight.shape[1] + in]);
  return result;
}

const Shape flattened{.height = 2, .width = 5, .channels = 3};

Parameters as_in_keras(bool channels_last = true) {
  Parameters parameters = counted(network());
  if (channels_last) parameters.tensors[4] = with_channels_last(parameters.tensors[4], flattened);
  for (Tensor& tensor : parameters.tensors)
    if (tensor.shape.size() > 1)
      tensor = tensor.shape.size() == 4 ? convolution_kernel(tensor, true) : transposed(tensor);
  return parameters;
}

Parameters as_in_mlx() {
  Parameters parameters = counted(network());
  parameters.tensors[4] = with_channels_last(parameters.tensors[4], flattened);
  for (Tensor& tensor : parameters.tensors)
    if (tensor.shape.size() == 4) tensor = convolution_kernel(tensor, false);
  return parameters;
}

Parameters named(Parameters parameters, const std::vector<std::string>& names) {
  for (std::size_t index = 0; index < names.size(); ++index) parameters.tensors[index].name = names[index];
  return parameters;
}

/// "conv2d/kernel", "conv2d/bias", ... for layers of these names.
std::vector<std::string> pairs(const std::vector<std::string>& layers, const std::string& weight,
                               const std::string& bias) {
  std::vector<std::string> names;
  for (const std::string& layer : layers) names.insert(names.end(), {layer + weight, layer + bias});
  return names;
}

const std::vector<std::string> keras_layers{"conv2d", "conv2d_1", "dense", "dense_1", "dense_2"};
const std::vector<std::string> flax_layers{"Conv_0", "Conv_1", "Dense_0", "Dense_1", "Dense_2"};

std::vector<std::uint8_t> file_of(const Parameters& parameters,
                                  const std::map<std::string, std::string>& metadata = {}) {
  return safetensors_bytes(parameters, metadata, "f");
}

WeightsFile read(const std::vector<std::uint8_t>& bytes, std::optional<FlattenOrder> flatten = {}) {
  return parse_weights(bytes, "f", {.network = network(), .flatten = flatten});
}

std::string refusal_of(const std::vector<std::uint8_t>& bytes, std::optional<FlattenOrder> flatten = {}) {
  return refusal(bytes, {.network = network(), .flatten = flatten});
}

/// Against the layouts of this test, which are written down another way.
TEST(Layouts, NumbersAreMovedToKerasAsKerasHasThem) {
  const std::vector<ParameterSpec> specs = parameter_specs(network());
  for (const FlattenOrder order : {FlattenOrder::channels_first, FlattenOrder::channels_last}) {
    const Parameters ours = counted(network()), keras = as_in_keras(order == FlattenOrder::channels_last);
    const LayoutMover mover(network(), keras_layout(), order);
    for (std::size_t index = 0; index < specs.size(); ++index) {
      EXPECT_EQ(shape_in(keras_layout(), specs[index].shape), keras.tensors[index].shape);
      EXPECT_EQ(mover.from_canonical(specs[index], ours.tensors[index].values), keras.tensors[index].values) << index;
      EXPECT_EQ(mover.to_canonical(specs[index], keras.tensors[index].values), ours.tensors[index].values) << index;
    }
  }
}

TEST(Layouts, NumbersComeBackFromAllOfThem) {
  for (const TensorLayout& layout : tensor_layouts())
    for (const FlattenOrder order : {FlattenOrder::channels_first, FlattenOrder::channels_last}) {
      const LayoutMover mover(network(), layout, order);
      const Parameters ours = counted(network());
      for (const ParameterSpec& spec : parameter_specs(network())) {
        const std::vector<float>& values = std::ranges::find(ours.tensors, spec.name, &Tensor::name)->values;
        EXPECT_EQ(mover.to_canonical(spec, mover.from_canonical(spec, values)), values) << layout.users;
      }
    }
}

TEST(Layouts, PyTorchIsTakenAsItIsUnderAnyPrefix) {
  for (const std::string prefix : {"", "module.", "module.net.", "_orig_mod.module."}) {
    const auto conv =
        pairs({prefix + "conv1", prefix + "conv2", prefix + "fc1", prefix + "fc2", prefix + "fc3"}, ".weight", ".bias");
    const WeightsFile file = read(file_of(named(counted(network()), conv)));
    EXPECT_EQ(file.parameters, counted(network())) << prefix;
    EXPECT_THAT(file.notes, IsEmpty());
    const auto sequential =
        pairs({prefix + "0", prefix + "2", prefix + "5", prefix + "7", prefix + "9"}, ".weight", ".bias");
    EXPECT_EQ(read(file_of(named(counted(network()), sequential))).parameters, counted(network())) << prefix;
  }
}

TEST(Layouts, LayersWithOtherNamesAreToldByTheirShapesAndNumbers) {
  const auto names = pairs({"stem", "body", "head2", "head10", "head11"}, ".weight", ".bias");
  EXPECT_EQ(read(file_of(named(counted(network()), names))).parameters, counted(network()));
}

TEST(Layouts, LayersThatNothingTellsApartAreRefused) {
  const auto names = pairs({"stem", "body", "first", "second", "third"}, ".weight", ".bias");
  EXPECT_EQ(refusal_of(file_of(named(counted(network()), names))),
            "f: third.weight: fits more than one layer, and its name does not tell which (expected names with numbers, "
            "such as fc1 and fc2, got the same shape as second.weight)");
}

TEST(Layouts, KerasAndJaxKernelsAreTurned) {
  const std::vector<std::vector<std::string>> ways = {
      pairs(keras_layers, ".kernel", ".bias"),
      pairs(
          {"sequential/conv2d", "sequential/conv2d_1", "sequential/dense", "sequential/dense_1", "sequential/dense_2"},
          "/kernel:0", "/bias:0"),
      pairs(flax_layers, ".kernel", ".bias"),
      pairs({"params/Conv_0", "params/Conv_1", "params/Dense_0", "params/Dense_1", "params/Dense_2"}, "/kernel",
            "/bias"),
      pairs({"conv2_d", "conv2_d_1", "linear", "linear_1", "linear_2"}, "/w", "/b"),
      {"arr_0", "arr_1", "arr_2", "arr_3", "arr_4", "arr_5", "arr_6", "arr_7", "arr_8", "arr_9"}};
  for (const std::vector<std::string>& names : ways) {
    const WeightsFile file = read(file_of(named(as_in_keras(), names)), FlattenOrder::channels_last);
    EXPECT_EQ(file.parameters, counted(network())) << names[0];
    EXPECT_THAT(file.notes, ElementsAre(HasSubstr("laid out as in Keras and JAX; " + names[4] + " counts its inputs")));
  }
}

TEST(Layouts, MlxKernelsAreTurned) {
  const auto names = pairs({"layers.0", "layers.2", "layers.5", "layers.7", "layers.9"}, ".weight", ".bias");
  EXPECT_EQ(read(file_of(named(as_in_mlx(), names), {{"format", "mlx"}}), FlattenOrder::channels_last).parameters,
            counted(network()));
}

TEST(Layouts, TheOrderOfFlattenIsAskedForOrRecordedNeverGuessed) {
  const auto bytes = file_of(named(as_in_keras(), pairs(flax_layers, ".kernel", ".bias")));
  EXPECT_EQ(
      refusal_of(bytes),
      "f: Dense_0.kernel: the file does not say in which order Flatten counts its inputs (expected flatten=CHW or "
      "HWC in its metadata, got none)");
  const auto recorded = file_of(named(as_in_keras(), pairs(flax_layers, ".kernel", ".bias")), {{"flatten", "HWC"}});
  EXPECT_EQ(read(recorded).parameters, counted(network()));
  EXPECT_EQ(refusal_of(recorded, FlattenOrder::channels_first),
            "f: flatten: the file says another order than flatten (expected HWC)");
  const auto first = file_of(named(as_in_keras(false), pairs(flax_layers, ".kernel", ".bias")));
  EXPECT_EQ(read(first, FlattenOrder::channels_first).parameters, counted(network()));
  EXPECT_NE(read(first, FlattenOrder::channels_last).parameters, counted(network())) << "the shapes do not tell";
}

TEST(Layouts, PyTorchsLayoutMayBeFlattenedWithChannelsLast) {
  Parameters parameters = counted(network());
  parameters.tensors[4] = with_channels_last(parameters.tensors[4], flattened);
  EXPECT_EQ(read(file_of(parameters, {{"flatten", "HWC"}})).parameters, counted(network()));
}

TEST(Layouts, AnOrderThatDoesNotMatterIsNotAskedFor) {
  Parameters parameters = counted(tiny_network());
  parameters.tensors[0] = transposed(parameters.tensors[0]);
  const WeightsFile file = parse_tiny(file_of(named(parameters, {"dense.kernel", "dense.bias"})));
  EXPECT_EQ(file.parameters, counted(tiny_network()));
  EXPECT_THAT(file.notes, ElementsAre("laid out as in Keras and JAX"));
}

TEST(Layouts, ASquareKernelThatFitsTwoWaysIsRefused) {
  const Network square{.input = {.height = 2, .width = 2, .channels = 1},
                       .layers = {Flatten{}, Dense{.units = 4, .activation = Activation::softmax}}};
  const Parameters parameters = counted(square);
  const auto refused = [&](const Parameters& tensors) { return refusal(file_of(tensors), {.network = square}); };
  EXPECT_EQ(refused(named(parameters, {"a.kernel", "a.bias"})),
            "f: a.kernel: its numbers may stand in more than one order (expected a shape that tells, got [4,4], which "
            "fits PyTorch and Keras and JAX)");
  EXPECT_EQ(refused(named(parameters, {"a.weight", "a.bias"})), "was read") << "PyTorch's word";
  const auto said = file_of(named(parameters, {"a.kernel", "a.bias"}), {{"format", "pt"}});
  EXPECT_EQ(parse_weights(said, "f", {.network = square}).parameters, parameters);
}

TEST(Layouts, AWrongShapeIsToldInTheLayoutOfTheOthers) {
  Parameters parameters = named(as_in_keras(), pairs(keras_layers, "/kernel", "/bias"));
  parameters.tensors[2].shape = {3, 2, 3, 2};
  EXPECT_EQ(refusal_of(file_of(parameters)), "f: conv2d_1/kernel: wrong shape (expected [3,2,2,3], got [3,2,3,2])");
}

TEST(Layouts, ALayerThatIsNotThereIsMissed) {
  Parameters parameters = named(as_in_keras(), pairs(flax_layers, ".kernel", ".bias"));
  parameters.tensors.pop_back();
  EXPECT_EQ(refusal_of(file_of(parameters)), "f: conv1.weight: tensor is missing");
}

}  // namespace
}  // namespace nib
