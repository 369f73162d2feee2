#include "support/outline.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "images/preparation/distance.h"
#include "support/thinning.h"

namespace nib::styles {
namespace {

constexpr std::size_t fineness = 6;  ///< points of the outline's grid a pixel of the data set

/// Weights of four neighbours for a place `t` of the way between the second and the third (Catmull-Rom).
std::array<float, 4> weights_at(float t) {
  return {((-t + 2) * t - 1) * t / 2, ((3 * t - 5) * t * t + 2) / 2, ((-3 * t + 4) * t + 1) * t / 2,
          (t - 1) * t * t / 2};
}

/// Makes each row `fineness` times as long.
Field finer_along_rows(const Field& field) {
  Field result = field_of(field.rows, field.columns * fineness);
  for (std::size_t column = 0; column < result.columns; ++column) {
    const float place = (static_cast<float>(column) + 0.5F) / static_cast<float>(fineness) - 0.5F;
    const float before = std::floor(place);
    const std::array<float, 4> weights = weights_at(place - before);
    for (std::size_t row = 0; row < field.rows; ++row)
      for (int k = 0; k < 4; ++k) {
        const int old = static_cast<int>(before) - 1 + k;
        if (old < 0 || old >= static_cast<int>(field.columns)) continue;
        result.at(row, column) += weights[static_cast<std::size_t>(k)] * field.at(row, static_cast<std::size_t>(old));
      }
  }
  return result;
}

Mask strokes_of(const Dataset& dataset, std::size_t index) {
  Field ink = field_of(dataset.rows, dataset.columns);
  std::copy_n(dataset.image(index), ink.values.size(), ink.values.begin());
  constexpr float half_ink = 127.5F;
  return mask_of(transposed(finer_along_rows(transposed(finer_along_rows(ink)))), half_ink);
}

}  // namespace

Outline::Outline(Field distance) : distance_(std::move(distance)) {
  for (float& value : distance_.values) value /= static_cast<float>(fineness);
}

Outline Outline::of_strokes(const Dataset& dataset, std::size_t index) {
  return Outline(signed_distance(strokes_of(dataset, index)));
}

Outline Outline::of_middle_lines(const Dataset& dataset, std::size_t index) {
  Field distance = signed_distance(thinned(strokes_of(dataset, index)));
  for (float& value : distance.values) value = std::min(value, 0.0F);
  return Outline(std::move(distance));
}

float Outline::inside(float row, float column) const {
  const auto on_grid = [](float place, std::size_t count) {
    return std::clamp(place * static_cast<float>(fineness) - 0.5F, 0.0F, static_cast<float>(count - 2));
  };
  const float y = on_grid(row, distance_.rows), x = on_grid(column, distance_.columns);
  const auto top = static_cast<std::size_t>(y), left = static_cast<std::size_t>(x);
  const float down = y - static_cast<float>(top), across = x - static_cast<float>(left);
  const float* const at = &distance_.values[top * distance_.columns + left];
  const float upper = at[0] + across * (at[1] - at[0]);
  const float lower = at[distance_.columns] + across * (at[distance_.columns + 1] - at[distance_.columns]);
  return upper + down * (lower - upper);
}

}  // namespace nib::styles
