#include "images/preparation/resample.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace nib {
namespace {

/// The old pixels that each new pixel is made of, along one side: `taps` each, side by side.
struct Shares {
  std::size_t taps = 0;
  std::vector<std::size_t> first{};  ///< (new pixel)
  std::vector<float> parts{};        ///< (new pixel, tap)

  const float* parts_of(std::size_t pixel) const { return parts.data() + pixel * taps; }
};

/// Parts of the old pixels within [begin, end).
void covered(double begin, double end, std::size_t length, std::size_t& first, float* parts) {
  const double from = std::max(0.0, begin), to = std::min(static_cast<double>(length), end);
  if (to <= from) return;
  first = static_cast<std::size_t>(from);
  for (std::size_t pixel = first; static_cast<double>(pixel) < to; ++pixel) {
    const double overlap = std::min(to, static_cast<double>(pixel + 1)) - std::max(from, static_cast<double>(pixel));
    *parts++ = static_cast<float>(overlap / (end - begin));
  }
}

/// Parts of the two old pixels whose middles lie on either side of `place`.
void between(double place, std::size_t length, std::size_t& first, float* parts) {
  const double before = std::floor(place - 0.5);
  const auto part = static_cast<float>(place - 0.5 - before);
  const auto inside = [&](double pixel) { return pixel >= 0 && pixel < static_cast<double>(length); };
  if (!inside(before) && !inside(before + 1)) return;
  first = static_cast<std::size_t>(inside(before) ? before : before + 1);
  if (inside(before)) *parts++ = 1 - part;
  if (inside(before + 1)) *parts = part;
}

Shares shares_along(double begin, double extent, std::size_t count, std::size_t length) {
  const double step = extent / static_cast<double>(count);
  const bool larger = step > 1;
  Shares shares{.taps = larger ? static_cast<std::size_t>(step) + 2 : 2};
  shares.first.resize(count);
  shares.parts.resize(count * shares.taps);
  for (std::size_t i = 0; i < count; ++i) {
    const double first = begin + step * static_cast<double>(i);
    float* const parts = shares.parts.data() + i * shares.taps;
    if (larger)
      covered(first, first + step, length, shares.first[i], parts);
    else
      between(first + step / 2, length, shares.first[i], parts);
  }
  return shares;
}

}  // namespace

Field resampled(const Field& field, const Window& window, std::size_t rows, std::size_t columns) {
  const Shares down = shares_along(window.row, window.rows, rows, field.rows);
  const Shares across = shares_along(window.column, window.columns, columns, field.columns);
  Field result = field_of(rows, columns);
  // Of the old columns those that are asked for.
  const auto [low, high] = std::ranges::minmax(across.first);
  const std::size_t end = std::min(high + across.taps, field.columns);
  std::vector<float> line(high + across.taps);  // beyond the field there is nothing
  for (std::size_t row = 0; row < rows; ++row) {
    std::fill(line.begin(), line.end(), 0.0F);
    for (std::size_t i = 0; i < down.taps; ++i) {
      const float part = down.parts_of(row)[i];
      if (part == 0) continue;
      const float* const old = field.row(down.first[row] + i).data();
      for (std::size_t x = low; x < end; ++x) line[x] += part * old[x];
    }
    const std::span<float> target = result.row(row);
    for (std::size_t column = 0; column < columns; ++column) {
      const float* const old = line.data() + across.first[column];
      const float* const parts = across.parts_of(column);
      target[column] = 0.0F + parts[0] * old[0] + parts[1] * old[1];
    }
    for (std::size_t column = 0; column < columns && across.taps > 2; ++column) {
      const float* const old = line.data() + across.first[column];
      for (std::size_t i = 2; i < across.taps; ++i) target[column] += across.parts_of(column)[i] * old[i];
    }
  }
  return result;
}

}  // namespace nib
