#include "images/preparation/resample.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace nib {
namespace {

/// The old pixels that one new pixel is made of, along one side.
struct Shares {
  std::size_t first = 0;
  std::vector<float> parts{};
};

/// Parts of the old pixels within [begin, end).
Shares covered(double begin, double end, std::size_t length) {
  const double from = std::max(0.0, begin), to = std::min(static_cast<double>(length), end);
  Shares shares;
  if (to <= from) return shares;
  shares.first = static_cast<std::size_t>(from);
  for (std::size_t pixel = shares.first; static_cast<double>(pixel) < to; ++pixel) {
    const double overlap = std::min(to, static_cast<double>(pixel + 1)) - std::max(from, static_cast<double>(pixel));
    shares.parts.push_back(static_cast<float>(overlap / (end - begin)));
  }
  return shares;
}

/// Parts of the two old pixels whose middles lie on either side of `place`.
Shares between(double place, std::size_t length) {
  const double before = std::floor(place - 0.5);
  const auto part = static_cast<float>(place - 0.5 - before);
  const auto inside = [&](double pixel) { return pixel >= 0 && pixel < static_cast<double>(length); };
  Shares shares;
  if (inside(before)) shares = {static_cast<std::size_t>(before), {1 - part}};
  if (!inside(before + 1)) return shares;
  if (shares.parts.empty()) shares.first = static_cast<std::size_t>(before + 1);
  shares.parts.push_back(part);
  return shares;
}

std::vector<Shares> shares_along(double begin, double extent, std::size_t count, std::size_t length) {
  const double step = extent / static_cast<double>(count);
  std::vector<Shares> shares;
  for (std::size_t i = 0; i < count; ++i) {
    const double first = begin + step * static_cast<double>(i);
    shares.push_back(step > 1 ? covered(first, first + step, length) : between(first + step / 2, length));
  }
  return shares;
}

}  // namespace

Field resampled(const Field& field, const Window& window, std::size_t rows, std::size_t columns) {
  const std::vector<Shares> down = shares_along(window.row, window.rows, rows, field.rows);
  const std::vector<Shares> across = shares_along(window.column, window.columns, columns, field.columns);
  Field result = field_of(rows, columns);
  std::vector<float> line(field.columns);
  for (std::size_t row = 0; row < rows; ++row) {
    std::fill(line.begin(), line.end(), 0.0F);
    for (std::size_t i = 0; i < down[row].parts.size(); ++i) {
      const std::span<const float> old = field.row(down[row].first + i);
      for (std::size_t x = 0; x < line.size(); ++x) line[x] += down[row].parts[i] * old[x];
    }
    for (std::size_t column = 0; column < columns; ++column) {
      const Shares& shares = across[column];
      for (std::size_t i = 0; i < shares.parts.size(); ++i)
        result.at(row, column) += shares.parts[i] * line[shares.first + i];
    }
  }
  return result;
}

}  // namespace nib
