#include "formats/tensor_layouts.h"

#include <algorithm>

namespace nib {
namespace {

constexpr std::array layouts = {
    TensorLayout{"PyTorch", {0, 1, 2, 3}, {0, 1}},
    TensorLayout{"Keras and JAX", {2, 3, 1, 0}, {1, 0}},
    TensorLayout{"MLX", {0, 2, 3, 1}, {0, 1}},
    TensorLayout{"JAX with channels first", {0, 1, 2, 3}, {1, 0}},
};

/// The axes of a tensor of that rank; a bias has one everywhere.
std::span<const unsigned> axes_in(const TensorLayout& layout, std::size_t rank) {
  static constexpr unsigned only = 0;
  if (rank == layout.convolution.size()) return layout.convolution;
  if (rank == layout.dense.size()) return layout.dense;
  return {&only, 1};
}

/// For every number of the file's tensor, in order, its place in the canonical one.
template <typename Visit>
void visit_places(const TensorLayout& layout, std::span<const std::uint32_t> canonical, std::size_t count,
                  const Visit& visit) {
  const std::span<const unsigned> axes = axes_in(layout, canonical.size());
  std::vector<std::size_t> strides(canonical.size(), 1);  // in the canonical tensor
  for (std::size_t axis = canonical.size(); axis-- > 1;) strides[axis - 1] = strides[axis] * canonical[axis];
  std::vector<std::uint32_t> at(axes.size());  // in the file's tensor
  for (std::size_t index = 0; index < count; ++index) {
    std::size_t place = 0;
    for (std::size_t k = 0; k < axes.size(); ++k) place += at[k] * strides[axes[k]];
    visit(index, place);
    for (std::size_t k = axes.size(); k-- > 0;) {
      if (++at[k] < canonical[axes[k]]) break;
      at[k] = 0;
    }
  }
}

/// For every input of every output of a dense layer its two places: counted (row, column, channel), and (channel, row,
/// column).
template <typename Visit>
void visit_inputs(const Shape& flattened, std::size_t count, const Visit& visit) {
  const std::size_t pixels = std::size_t{flattened.height} * flattened.width, channels = flattened.channels;
  for (std::size_t row = 0; row < count; row += pixels * channels)
    for (std::size_t pixel = 0; pixel < pixels; ++pixel)
      for (std::size_t channel = 0; channel < channels; ++channel)
        visit(row + pixel * channels + channel, row + channel * pixels + pixel);
}

}  // namespace

std::span<const TensorLayout> tensor_layouts() { return layouts; }

const TensorLayout& keras_layout() { return layouts[1]; }

std::vector<std::uint32_t> shape_in(const TensorLayout& layout, std::span<const std::uint32_t> canonical) {
  std::vector<std::uint32_t> shape;
  for (const unsigned axis : axes_in(layout, canonical.size())) shape.push_back(canonical[axis]);
  return shape;
}

bool same_order(const TensorLayout& one, const TensorLayout& other, std::span<const std::uint32_t> canonical) {
  const auto long_axes = [&](const TensorLayout& layout) {
    std::vector<unsigned> axes;
    for (const unsigned axis : axes_in(layout, canonical.size()))
      if (canonical[axis] != 1) axes.push_back(axis);
    return axes;
  };
  return long_axes(one) == long_axes(other);
}

std::vector<float> to_canonical(const TensorLayout& layout, std::span<const std::uint32_t> canonical,
                                std::span<const float> values) {
  std::vector<float> result(values.size());
  visit_places(layout, canonical, values.size(),
               [&](std::size_t file, std::size_t place) { result[place] = values[file]; });
  return result;
}

std::vector<float> from_canonical(const TensorLayout& layout, std::span<const std::uint32_t> canonical,
                                  std::span<const float> values) {
  std::vector<float> result(values.size());
  visit_places(layout, canonical, values.size(),
               [&](std::size_t file, std::size_t place) { result[file] = values[place]; });
  return result;
}

FlattenedInputs flattened_inputs(const Network& network) {
  const std::vector<Shape> shapes = output_shapes(network);
  for (std::size_t layer = 0; layer < network.layers.size(); ++layer) {
    if (!std::holds_alternative<Flatten>(network.layers[layer])) continue;
    const Shape& shape = layer > 0 ? shapes[layer - 1] : network.input;
    if (shape.channels == 1 || shape.height * shape.width == 1) return {};
    const auto dense = std::find_if(network.layers.begin() + static_cast<std::ptrdiff_t>(layer), network.layers.end(),
                                    [](const Layer& next) { return std::holds_alternative<Dense>(next); });
    return {shape, static_cast<std::size_t>(dense - network.layers.begin())};
  }
  return {};
}

std::vector<float> channels_to_front(const Shape& flattened, std::span<const float> values) {
  std::vector<float> result(values.size());
  visit_inputs(flattened, values.size(), [&](std::size_t back, std::size_t front) { result[front] = values[back]; });
  return result;
}

std::vector<float> channels_to_back(const Shape& flattened, std::span<const float> values) {
  std::vector<float> result(values.size());
  visit_inputs(flattened, values.size(), [&](std::size_t back, std::size_t front) { result[back] = values[front]; });
  return result;
}

LayoutMover::LayoutMover(const Network& network, const TensorLayout& layout, FlattenOrder order)
    : layout_(layout),
      flattened_(order == FlattenOrder::channels_last ? flattened_inputs(network) : FlattenedInputs{}) {}

bool LayoutMover::counts_flattened(const ParameterSpec& spec) const {
  return flattened_ && spec.layer == flattened_.layer && spec.shape.size() > 1;
}

std::vector<float> LayoutMover::to_canonical(const ParameterSpec& spec, std::vector<float> values) const {
  if (!is_canonical(layout_)) values = nib::to_canonical(layout_, spec.shape, values);
  if (counts_flattened(spec)) values = channels_to_front(flattened_.shape, values);
  return values;
}

std::vector<float> LayoutMover::from_canonical(const ParameterSpec& spec, std::vector<float> values) const {
  if (counts_flattened(spec)) values = channels_to_back(flattened_.shape, values);
  if (!is_canonical(layout_)) values = nib::from_canonical(layout_, spec.shape, values);
  return values;
}

}  // namespace nib
