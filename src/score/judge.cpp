#include "score/judge.h"

#include <algorithm>
#include <cmath>

namespace nib {
namespace {

constexpr std::uint32_t hidden_units = 64;
constexpr std::uint32_t columns = 64;

void write_bytes(std::span<const float> values, float full, std::uint8_t* bytes) {
  const float scale = 255 / full;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float level = values[i] * scale;
    bytes[i] = level > 0 ? static_cast<std::uint8_t>(std::min(level, 255.0F) + 0.5F) : 0;  // NaN, too
  }
}

/// In steps of the largest one's 127th.
float scale_of(std::span<const float> weights, std::span<const float> biases) {
  float largest = 1e-6F;
  for (const auto& numbers : {weights, biases})
    for (const float number : numbers) largest = std::max(largest, std::abs(number));
  return largest / 127;
}

std::int8_t in_steps(float number, float scale) { return static_cast<std::int8_t>(std::lround(number / scale)); }

}  // namespace

void JudgeInput::write(std::span<const float> unit_values, std::span<const float> map_values,
                       std::span<std::uint8_t> bytes) const {
  write_bytes(unit_values.first(units), full_units, bytes.data());
  write_bytes(map_values.first(maps), full_maps, bytes.data() + units);
}

std::array<double, shown_kinds> Judge::verdict(std::span<const std::uint8_t> bytes) const {
  const std::size_t inputs = input.size();
  std::array<float, shown_kinds> logits{};
  const std::int8_t* const first_biases = first.data() + hidden * inputs;
  const std::int8_t* const second_biases = second.data() + shown_kinds * hidden;
  for (std::size_t kind = 0; kind < shown_kinds; ++kind) logits[kind] = static_cast<float>(second_biases[kind]);
  for (std::size_t unit = 0; unit < hidden; ++unit) {
    std::int32_t sum = 255 * first_biases[unit];
    const std::int8_t* const weights = first.data() + unit * inputs;
    for (std::size_t i = 0; i < inputs; ++i) sum += weights[i] * bytes[i];
    const float active = static_cast<float>(std::max(0, sum)) / 255 * first_scale;
    for (std::size_t kind = 0; kind < shown_kinds; ++kind)
      logits[kind] += static_cast<float>(second[kind * hidden + unit]) * active;
  }
  const float top = *std::ranges::max_element(logits);
  std::array<double, shown_kinds> probabilities{};
  double sum = 0;
  for (std::size_t kind = 0; kind < shown_kinds; ++kind)
    sum += probabilities[kind] = std::exp(static_cast<double>((logits[kind] - top) * second_scale));
  for (double& each : probabilities) each /= sum;
  return probabilities;
}

double none(const std::array<double, shown_kinds>& verdict) {
  double sum = 0;
  for (std::size_t kind = 1; kind < shown_kinds; ++kind) sum += verdict[kind];
  return sum;
}

Network judge_network(const JudgeInput& input) {
  const auto rows = static_cast<std::uint32_t>((input.size() + columns - 1) / columns);
  return {{rows, columns, 1},
          {Flatten{}, Dense{hidden_units, Activation::relu},
           Dense{static_cast<std::uint32_t>(shown_kinds), Activation::softmax}}};
}

Judge judge_of(const Parameters& parameters, const JudgeInput& input) {
  const auto& tensors = parameters.tensors;
  const std::size_t given = tensors[0].values.size() / hidden_units;
  Judge judge{.input = input, .hidden = hidden_units};
  judge.first_scale = scale_of(tensors[0].values, tensors[1].values);
  judge.second_scale = scale_of(tensors[2].values, tensors[3].values);
  for (std::size_t unit = 0; unit < hidden_units; ++unit)
    for (std::size_t i = 0; i < input.size(); ++i)
      judge.first.push_back(in_steps(tensors[0].values[unit * given + i], judge.first_scale));
  for (const float bias : tensors[1].values) judge.first.push_back(in_steps(bias, judge.first_scale));
  for (const std::size_t tensor : {std::size_t{2}, std::size_t{3}})
    for (const float number : tensors[tensor].values) judge.second.push_back(in_steps(number, judge.second_scale));
  return judge;
}

}  // namespace nib
