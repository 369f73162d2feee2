#include "score/judge.h"

#include <algorithm>
#include <cmath>

namespace nib {
namespace {

constexpr std::uint32_t hidden_units = 48;
constexpr std::size_t columns = 64;

std::size_t rows_for(std::size_t features) { return (features + columns - 1) / columns; }

/// In steps of the largest one's 127th.
float scale_of(std::span<const float> weights, std::span<const float> biases) {
  float largest = 1e-6F;
  for (const auto& numbers : {weights, biases})
    for (const float number : numbers) largest = std::max(largest, std::abs(number));
  return largest / 127;
}

std::int8_t in_steps(float number, float scale) { return static_cast<std::int8_t>(std::lround(number / scale)); }

}  // namespace

std::array<double, shown_kinds> Judge::verdict(std::span<const float> values) const {
  std::array<float, shown_kinds> logits{};
  const std::int8_t* const first_biases = first.data() + std::size_t{hidden} * features;
  const std::int8_t* const second_biases = second.data() + shown_kinds * hidden;
  for (std::size_t kind = 0; kind < shown_kinds; ++kind) logits[kind] = static_cast<float>(second_biases[kind]);
  for (std::size_t unit = 0; unit < hidden; ++unit) {
    float sum = static_cast<float>(first_biases[unit]);
    const std::int8_t* const weights = first.data() + unit * features;
    for (std::size_t i = 0; i < features; ++i)
      sum += static_cast<float>(weights[i]) * std::clamp(values[i] / full, 0.0F, 1.0F);
    const float active = std::max(0.0F, sum * first_scale);
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

Network judge_network(std::size_t features) {
  return {{static_cast<std::uint32_t>(rows_for(features)), columns, 1},
          {Flatten{}, Dense{hidden_units, Activation::relu},
           Dense{static_cast<std::uint32_t>(shown_kinds), Activation::softmax}}};
}

Dataset judge_images(std::span<const float> values, std::size_t features, float full) {
  Dataset set{static_cast<std::uint32_t>(rows_for(features)), columns, std::vector<std::string>(shown_kinds), {}, {}};
  const std::size_t size = rows_for(features) * columns, images = values.size() / features;
  set.pixels.resize(images * size);
  for (std::size_t image = 0; image < images; ++image)
    for (std::size_t i = 0; i < features; ++i)
      set.pixels[image * size + i] =
          static_cast<std::uint8_t>(std::lround(255 * std::clamp(values[image * features + i] / full, 0.0F, 1.0F)));
  return set;
}

Judge judge_of(const Parameters& parameters, std::size_t features, float full) {
  const auto& tensors = parameters.tensors;
  const std::size_t inputs = rows_for(features) * columns;
  Judge judge{.features = static_cast<std::uint32_t>(features), .hidden = hidden_units, .full = full};
  judge.first_scale = scale_of(tensors[0].values, tensors[1].values);
  judge.second_scale = scale_of(tensors[2].values, tensors[3].values);
  for (std::size_t unit = 0; unit < hidden_units; ++unit)
    for (std::size_t i = 0; i < features; ++i)
      judge.first.push_back(in_steps(tensors[0].values[unit * inputs + i], judge.first_scale));
  for (const float bias : tensors[1].values) judge.first.push_back(in_steps(bias, judge.first_scale));
  for (const std::size_t tensor : {std::size_t{2}, std::size_t{3}})
    for (const float number : tensors[tensor].values) judge.second.push_back(in_steps(number, judge.second_scale));
  return judge;
}

}  // namespace nib
