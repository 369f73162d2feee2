#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "formats/weights.h"
#include "nib/network.h"
#include "nib/parameters.h"

namespace nib {

/// How libraries lay out the kernels of layers. Axes are numbered as in the canonical layout: of a convolution 0 out, 1
/// in, 2 height, 3 width; of a dense layer 0 out, 1 in.
struct TensorLayout {
  std::string_view users;               ///< "Keras and JAX"
  std::array<unsigned, 4> convolution;  ///< the axis that stands first in the file, the one behind it ...
  std::array<unsigned, 2> dense;
};

/// The canonical layout, PyTorch's, comes first.
std::span<const TensorLayout> tensor_layouts();
inline bool is_canonical(const TensorLayout& layout) { return &layout == &tensor_layouts().front(); }
/// Keras's: kernels of convolutions (height, width, in, out), of dense layers (in, out).
const TensorLayout& keras_layout();

/// The shape that a tensor of this canonical shape has in a file.
std::vector<std::uint32_t> shape_in(const TensorLayout& layout, std::span<const std::uint32_t> canonical);

/// Whether a tensor's numbers stand in the same order in both.
bool same_order(const TensorLayout& one, const TensorLayout& other, std::span<const std::uint32_t> canonical);

/// Numbers that stand so in a file, in the canonical order, and the way back. `canonical` is the tensor's canonical
/// shape.
std::vector<float> to_canonical(const TensorLayout& layout, std::span<const std::uint32_t> canonical,
                                std::span<const float> values);
std::vector<float> from_canonical(const TensorLayout& layout, std::span<const std::uint32_t> canonical,
                                  std::span<const float> values);

/// Where the order matters in which Flatten counts its inputs: the shape of these inputs and the dense layer (its index
/// in Network::layers) behind them. All null where one order is as good as the other.
struct FlattenedInputs {
  Shape shape;
  std::size_t layer = 0;
  explicit operator bool() const { return layer > 0; }
};
FlattenedInputs flattened_inputs(const Network& network);

/// A dense layer's weight (out, in) whose inputs are counted (row, column, channel), with them counted (channel, row,
/// column), and the way back.
std::vector<float> channels_to_front(const Shape& flattened, std::span<const float> values);
std::vector<float> channels_to_back(const Shape& flattened, std::span<const float> values);

/// Moves the numbers of a network's parameters between nib's layout and a file's, where Flatten counts in that order.
class LayoutMover {
 public:
  LayoutMover(const Network& network, const TensorLayout& layout, FlattenOrder order);

  std::vector<float> to_canonical(const ParameterSpec& spec, std::vector<float> values) const;
  std::vector<float> from_canonical(const ParameterSpec& spec, std::vector<float> values) const;

 private:
  bool counts_flattened(const ParameterSpec& spec) const;

  const TensorLayout& layout_;
  FlattenedInputs flattened_;  ///< null where both count in the same order
};

}  // namespace nib
