#include "images/several/looks.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <vector>

#include "images/several/looks_weights.h"
#include "images/several/view.h"

namespace nib {
namespace {

/// (row, column, channel)
struct Maps {
  std::size_t rows = 0, columns = 0, channels = 0;
  std::vector<float> values{};

  const float* at(std::size_t row, std::size_t column) const { return &values[(row * columns + column) * channels]; }
};

/// A layer's weights, (input, output), and its biases.
struct Weights {
  std::size_t outputs = 0;
  std::vector<float> values{}, biases{};
};

/// Layers one behind the other: of each output the step that its weights are counted in, the weights in signed bytes,
/// (input, output), inputs in the order (row, column, channel), and the biases. Steps and biases are float32,
/// little-endian.
class Reader {
 public:
  Weights next(std::size_t inputs, std::size_t outputs) {
    const std::vector<float> steps = floats(outputs);
    Weights weights{outputs, {}, {}};
    for (std::size_t i = 0; i < inputs * outputs; ++i)
      weights.values.push_back(static_cast<float>(static_cast<std::int8_t>(bytes_[place_++])) * steps[i % outputs]);
    weights.biases = floats(outputs);
    return weights;
  }

 private:
  std::vector<float> floats(std::size_t count) {
    std::vector<float> numbers;
    for (std::size_t i = 0; i < count; ++i) {
      std::uint32_t bits = 0;
      for (unsigned shift = 0; shift < 32; shift += 8) bits |= std::uint32_t{bytes_[place_++]} << shift;
      numbers.push_back(std::bit_cast<float>(bits));
    }
    return numbers;
  }

  std::span<const std::uint8_t> bytes_ = looks_weights();
  std::size_t place_ = 0;
};

/// Adds what an input of this value makes of it. Many are 0, behind relu and on paper.
void add(const Weights& weights, std::size_t input, float value, float* sums) {
  if (value == 0) return;
  const float* const own = &weights.values[input * weights.outputs];
  for (std::size_t i = 0; i < weights.outputs; ++i) sums[i] += value * own[i];
}

/// Convolution without padding; relu; the maximum of each 2 x 2.
Maps convolved(const Maps& maps, const Weights& weights, std::size_t side) {
  const std::size_t rows = maps.rows - side + 1, columns = maps.columns - side + 1, outputs = weights.outputs;
  Maps result{rows / 2, columns / 2, outputs, std::vector<float>(rows / 2 * (columns / 2) * outputs)};
  std::vector<float> sums(outputs);
  for (std::size_t row = 0; row < result.rows * 2; ++row)
    for (std::size_t column = 0; column < result.columns * 2; ++column) {
      std::ranges::copy(weights.biases, sums.begin());
      for (std::size_t y = 0; y < side; ++y) {
        const float* const from = maps.at(row + y, column);
        for (std::size_t x = 0; x < side * maps.channels; ++x)
          add(weights, y * side * maps.channels + x, from[x], sums.data());
      }
      float* const largest = &result.values[((row / 2) * result.columns + column / 2) * outputs];
      for (std::size_t i = 0; i < outputs; ++i) largest[i] = std::max(largest[i], sums[i]);  // of 0, too
    }
  return result;
}

std::vector<float> dense(std::span<const float> values, const Weights& weights) {
  std::vector<float> sums = weights.biases;
  for (std::size_t i = 0; i < values.size(); ++i) add(weights, i, values[i], sums.data());
  return sums;
}

struct Network {
  static constexpr std::size_t first_side = 5, second_side = 3, first_maps = 16, second_maps = 32, units = 64,
                               outputs = 2;
  static constexpr std::size_t last_rows = ((view_rows - first_side + 1) / 2 - second_side + 1) / 2,
                               last_columns = ((view_columns - first_side + 1) / 2 - second_side + 1) / 2;
  Reader reader{};
  Weights first = reader.next(first_side * first_side, first_maps),
          second = reader.next(second_side * second_side * first_maps, second_maps),
          hidden = reader.next(last_rows * last_columns * second_maps, units), last = reader.next(units, outputs);
};

}  // namespace

Looks looks_of(std::span<const std::uint8_t> view) {
  static const Network network;
  Maps maps{view_rows, view_columns, 1, {}};
  for (const std::uint8_t byte : view) maps.values.push_back(static_cast<float>(byte) / 255);
  maps = convolved(convolved(maps, network.first, Network::first_side), network.second, Network::second_side);
  std::vector<float> units = dense(maps.values, network.hidden);
  for (float& unit : units) unit = std::max(unit, 0.0F);
  const std::vector<float> outputs = dense(units, network.last);
  return {outputs[0], outputs[1]};
}

}  // namespace nib
