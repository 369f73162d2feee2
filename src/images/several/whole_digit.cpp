#include "images/several/whole_digit.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "encodings/base64.h"
#include "images/several/view.h"
#include "images/several/whole_digit_weights.h"

namespace nib {
namespace {

/// (row, column, channel)
struct Maps {
  std::size_t rows = 0, columns = 0, channels = 0;
  std::vector<float> values{};

  const float* at(std::size_t row, std::size_t column) const { return &values[(row * columns + column) * channels]; }
};

/// A layer's weights, (input, output), and its biases behind them.
struct Weights {
  std::size_t inputs = 0, outputs = 0;
  std::vector<float> values{};

  const float* of_input(std::size_t input) const { return &values[input * outputs]; }
  const float* biases() const { return of_input(inputs); }
};

class Reader {
 public:
  Reader() : bytes_(*from_base64(whole_digit_weights)) {}
  Weights next(std::size_t inputs, std::size_t outputs) {
    const WholeDigitScale scale = whole_digit_scales[layer_++];
    Weights weights{inputs, outputs, {}};
    for (std::size_t i = 0; i < (inputs + 1) * outputs; ++i) {
      const auto value = static_cast<std::int8_t>(bytes_[place_++]);
      weights.values.push_back(static_cast<float>(value) * (i < inputs * outputs ? scale.weight : scale.bias));
    }
    return weights;
  }

 private:
  std::vector<std::uint8_t> bytes_;
  std::size_t place_ = 0, layer_ = 0;
};

/// Adds what an input of this value makes of it. Many are 0, behind relu and on paper.
void add(const Weights& weights, std::size_t input, float value, float* sums) {
  if (value == 0) return;
  const float* const own = weights.of_input(input);
  for (std::size_t i = 0; i < weights.outputs; ++i) sums[i] += value * own[i];
}

/// Convolution without padding, its inputs in the order (row, column, channel); relu; the maximum of each 2 x 2.
Maps convolved(const Maps& maps, const Weights& weights, std::size_t side) {
  const std::size_t rows = maps.rows - side + 1, columns = maps.columns - side + 1, outputs = weights.outputs;
  Maps result{rows / 2, columns / 2, outputs, std::vector<float>(rows / 2 * (columns / 2) * outputs)};
  std::vector<float> sums(outputs);
  for (std::size_t row = 0; row < result.rows * 2; ++row)
    for (std::size_t column = 0; column < result.columns * 2; ++column) {
      std::copy_n(weights.biases(), outputs, sums.begin());
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
  std::vector<float> sums(weights.biases(), weights.biases() + weights.outputs);
  for (std::size_t i = 0; i < values.size(); ++i) add(weights, i, values[i], sums.data());
  return sums;
}

struct Network {
  static constexpr std::size_t first_side = 5, second_side = 3, first_maps = 8, second_maps = 16, units = 24, kinds = 2;
  static constexpr std::size_t last_rows = ((view_rows - first_side + 1) / 2 - second_side + 1) / 2,
                               last_columns = ((view_columns - first_side + 1) / 2 - second_side + 1) / 2;
  Reader reader{};
  Weights first = reader.next(first_side * first_side, first_maps),
          second = reader.next(second_side * second_side * first_maps, second_maps),
          hidden = reader.next(last_rows * last_columns * second_maps, units), last = reader.next(units, kinds);
};

}  // namespace

double whole_digit(std::span<const std::uint8_t> view) {
  static const Network network;
  Maps maps{view_rows, view_columns, 1, {}};
  for (const std::uint8_t byte : view) maps.values.push_back(static_cast<float>(byte) / 255);
  maps = convolved(convolved(maps, network.first, Network::first_side), network.second, Network::second_side);
  std::vector<float> units = dense(maps.values, network.hidden);
  for (float& unit : units) unit = std::max(unit, 0.0F);
  const std::vector<float> kinds = dense(units, network.last);
  return static_cast<double>(kinds[1] - kinds[0]);
}

}  // namespace nib
