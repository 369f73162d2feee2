#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "nib/network.h"

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

/// The shape that a tensor of this canonical shape has in a file.
std::vector<std::uint32_t> shape_in(const TensorLayout& layout, std::span<const std::uint32_t> canonical);

/// Whether a tensor's numbers stand in the same order in both.
bool same_order(const TensorLayout& one, const TensorLayout& other, std::span<const std::uint32_t> canonical);

/// Numbers that stand so in a file, in the canonical order. `canonical` is the tensor's canonical shape.
std::vector<float> to_canonical(const TensorLayout& layout, std::span<const std::uint32_t> canonical,
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
/// column).
std::vector<float> channels_to_front(const Shape& flattened, std::span<const float> values);

}  // namespace nib
