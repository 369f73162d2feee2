#include "inference/stability.h"

#include <fmt/core.h>

#include <algorithm>

namespace nib {
namespace {

std::size_t likeliest(std::span<const float> probabilities) {
  return static_cast<std::size_t>(std::ranges::max_element(probabilities) - probabilities.begin());
}

/// How many pixels images are moved by.
std::size_t distance_for(const Shape& input) {
  constexpr std::size_t usual_side = 28;
  return std::max<std::size_t>(1, std::min(input.height, input.width) / usual_side);
}

}  // namespace

std::optional<std::array<std::vector<std::uint8_t>, moves>> moved_images(std::span<const std::uint8_t> pixels,
                                                                         const Shape& input) {
  constexpr std::size_t least_side = 20;
  const std::size_t rows = input.height, columns = input.width, far = distance_for(input);
  if (std::min(rows, columns) < least_side) return std::nullopt;
  std::array<std::vector<std::uint8_t>, moves> moved;
  moved.fill(std::vector<std::uint8_t>(pixels.size()));
  auto& [up, down, left, right] = moved;
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column) {
      const std::uint8_t pixel = pixels[row * columns + column];
      if (row >= far) up[(row - far) * columns + column] = pixel;
      if (row + far < rows) down[(row + far) * columns + column] = pixel;
      if (column >= far) left[row * columns + column - far] = pixel;
      if (column + far < columns) right[row * columns + column + far] = pixel;
    }
  return moved;
}

Stability stability_of(std::span<const float> own, const std::array<std::vector<float>, moves>& moved) {
  std::vector<double> means(own.begin(), own.end());
  Stability result{.own = likeliest(own)};
  for (const std::vector<float>& probabilities : moved) {
    for (std::size_t i = 0; i < means.size(); ++i) means[i] += static_cast<double>(probabilities[i]);
    result.agreed &= likeliest(probabilities) == result.own;
  }
  result.probability = means[result.own] / (moves + 1);
  means[result.own] = -1;
  result.other = static_cast<std::size_t>(std::ranges::max_element(means) - means.begin());
  return result;
}

std::string unstable_warning(const Stability& stability, const Shape& input,
                             const std::vector<std::string>& class_names) {
  const std::size_t far = distance_for(input);
  return fmt::format(
      "the answer is not stable: {} where the digit is moved by {}, {:.0f} % for {} in the mean",
      stability.agreed
          ? "the network is less sure"
          : fmt::format("the network sees {} or {}", class_names[stability.own], class_names[stability.other]),
      far == 1 ? "a pixel" : fmt::format("{} pixels", far), 100 * stability.probability, class_names[stability.own]);
}

}  // namespace nib
