#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace nib {

enum class Activation { none, relu, softmax };
enum class Padding { valid, same };

/// What flows between two layers: an image of `channels` planes, or, after Flatten or GlobalAveragePool, a vector of
/// `channels` numbers with height and width 1.
struct Shape {
  std::uint32_t height = 0, width = 0, channels = 0;
  bool flat = false;
  std::uint64_t size() const { return std::uint64_t{height} * width * channels; }
  bool operator==(const Shape&) const = default;
};

struct Convolution {
  std::uint32_t filters = 0;
  std::array<std::uint32_t, 2> kernel{3, 3};  ///< height, width
  std::array<std::uint32_t, 2> stride{1, 1};  ///< vertical, horizontal
  Padding padding = Padding::valid;           ///< `same` pads as TensorFlow does: the odd pixel at the end
  Activation activation = Activation::none;   ///< none or relu
  bool operator==(const Convolution&) const = default;
};
struct MaxPool {  ///< no padding: what does not fill a window is dropped
  std::array<std::uint32_t, 2> size{2, 2};
  std::array<std::uint32_t, 2> stride{2, 2};
  bool operator==(const MaxPool&) const = default;
};
struct AveragePool {  ///< the mean of each window, likewise without padding
  std::array<std::uint32_t, 2> size{2, 2};
  std::array<std::uint32_t, 2> stride{2, 2};
  bool operator==(const AveragePool&) const = default;
};
struct GlobalAveragePool {  ///< of an image a vector: the mean of each channel
  bool operator==(const GlobalAveragePool&) const = default;
};
struct Flatten {
  bool operator==(const Flatten&) const = default;
};
struct Dense {
  std::uint32_t units = 0;
  Activation activation = Activation::none;  ///< softmax only in the last layer, and there always
  bool operator==(const Dense&) const = default;
};
struct Dropout {  ///< in training, zero with probability `rate` and scale the rest by 1 / (1 - rate)
  double rate = 0;
  bool operator==(const Dropout&) const = default;
};
using Layer = std::variant<Convolution, MaxPool, Flatten, Dense, Dropout, AveragePool, GlobalAveragePool>;

/// A sequential network as plain data: its input (height, width, channels) and its layers in order.
struct Network {
  Shape input;
  std::vector<Layer> layers;
  bool operator==(const Network&) const = default;
};

/// Conv32 3x3 relu, pool, Conv64 3x3 relu, pool, flatten, Dense128 relu, Dense10 softmax on 28x28x1.
Network digits_network();

/// The shape behind each layer, in order. Throws Error (bad input) naming the first layer that makes no
/// sense where it stands ("layer 3 (conv2): kernel 5x5 does not fit its input 4x4").
std::vector<Shape> output_shapes(const Network& network);

/// Checks everything that must hold for a network that can be trained: shapes, bounds (at most 64 layers,
/// 2^28 parameters, 2^24 numbers between two layers), activations, a last layer of dense softmax.
/// Throws Error (bad input) naming the layer.
void validate(const Network& network);

/// Number of classes: the units of the last layer.
std::uint32_t class_count(const Network& network);

/// One named parameter tensor of the network, in the canonical (PyTorch) layout.
struct ParameterSpec {
  std::string name;                       ///< conv1.weight, conv1.bias, ..., fc1.weight, fc1.bias, ...
  std::vector<std::uint32_t> shape;       ///< convolution (out, in, height, width); dense (out, in); bias (out)
  std::size_t layer = 0;                  ///< index into Network::layers
  std::uint64_t fan_in = 0, fan_out = 0;  ///< of the layer's kernel, as Glorot's rule counts them; 0 for a bias
  std::uint64_t size() const;
};

/// All parameters in network order, weight before bias. The inputs of a dense layer behind Flatten are
/// numbered channel first (channel, row, column), as PyTorch flattens.
std::vector<ParameterSpec> parameter_specs(const Network& network);
std::uint64_t parameter_count(const Network& network);

/// Keras's names, one a layer: conv2d, max_pooling2d, conv2d_1, ..., flatten, dense, dropout.
std::vector<std::string> keras_layer_names(const Network& network);

}  // namespace nib
