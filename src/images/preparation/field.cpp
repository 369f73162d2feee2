#include "images/preparation/field.h"

#include <algorithm>
#include <deque>
#include <functional>

namespace nib {
namespace {

/// Sums blocks of pixels as `light(row, column)` gives them, and divides by how many each block has.
template <typename Value>
Field block_means(std::size_t rows, std::size_t columns, std::size_t factor, const Value& value) {
  Field result = field_of((rows + factor - 1) / factor, (columns + factor - 1) / factor);
  std::vector<float> sums(result.columns);
  for (std::size_t row = 0; row < result.rows; ++row) {
    std::fill(sums.begin(), sums.end(), 0.0F);
    const std::size_t first = row * factor, last = std::min(rows, first + factor);
    for (std::size_t y = first; y < last; ++y)
      for (std::size_t column = 0, x = 0; column < result.columns; ++column)
        for (const std::size_t end = std::min(columns, x + factor); x < end; ++x) sums[column] += value(y, x);
    for (std::size_t column = 0; column < result.columns; ++column) {
      const std::size_t width = std::min(columns, (column + 1) * factor) - column * factor;
      result.at(row, column) = sums[column] / static_cast<float>(width * (last - first));
    }
  }
  return result;
}

/// Replaces each row's pixels by the means of their windows.
void mean_along_rows(Field& field, std::size_t radius) {
  std::vector<double> sums(field.columns + 1);
  for (std::size_t row = 0; row < field.rows; ++row) {
    const std::span<float> pixels = field.row(row);
    for (std::size_t x = 0; x < pixels.size(); ++x) sums[x + 1] = sums[x] + static_cast<double>(pixels[x]);
    for (std::size_t x = 0; x < pixels.size(); ++x) {
      const std::size_t first = x > radius ? x - radius : 0, last = std::min(pixels.size(), x + radius + 1);
      pixels[x] = static_cast<float>((sums[last] - sums[first]) / static_cast<double>(last - first));
    }
  }
}

/// Replaces each column's pixels by the means of their windows, row by row with the sums of all columns at hand.
void mean_along_columns(Field& field, std::size_t radius) {
  const Field old = field;
  std::vector<double> sums(field.columns);
  const auto add_row = [&](std::size_t row, double sign) {
    const std::span<const float> pixels = old.row(row);
    for (std::size_t x = 0; x < sums.size(); ++x) sums[x] += sign * static_cast<double>(pixels[x]);
  };
  for (std::size_t row = 0, next = 0; row < field.rows; ++row) {
    for (; next < std::min(field.rows, row + radius + 1); ++next) add_row(next, 1);
    if (row > radius) add_row(row - radius - 1, -1);
    const double share = 1 / static_cast<double>(next - (row > radius ? row - radius : 0));
    const std::span<float> target = field.row(row);
    for (std::size_t x = 0; x < sums.size(); ++x) target[x] = static_cast<float>(sums[x] * share);
  }
}

/// Replaces each row's pixels by the first of their windows in the order that `before` gives. The queue holds the
/// candidates of the windows to come, the best in front.
template <typename Before>
void best_along_rows(Field& field, std::size_t radius, const Before& before) {
  std::vector<float> old(field.columns);
  for (std::size_t row = 0; row < field.rows; ++row) {
    const std::span<float> pixels = field.row(row);
    std::copy(pixels.begin(), pixels.end(), old.begin());
    std::deque<std::size_t> candidates;
    for (std::size_t x = 0, next = 0; x < pixels.size(); ++x) {
      for (; next < std::min(pixels.size(), x + radius + 1); ++next) {
        while (!candidates.empty() && !before(old[candidates.back()], old[next])) candidates.pop_back();
        candidates.push_back(next);
      }
      if (candidates.front() + radius < x) candidates.pop_front();
      pixels[x] = old[candidates.front()];
    }
  }
}

/// What works along rows, along rows and then along columns.
template <typename Along>
Field along_both(Field field, const Along& along) {
  along(field);
  field = transposed(field);
  along(field);
  return transposed(field);
}

}  // namespace

Field transposed(const Field& field) {
  Field result = field_of(field.columns, field.rows);
  for (std::size_t row = 0; row < field.rows; ++row)
    for (std::size_t column = 0; column < field.columns; ++column) result.at(column, row) = field.at(row, column);
  return result;
}

Field field_of(std::size_t rows, std::size_t columns, float value) {
  return {rows, columns, std::vector<float>(rows * columns, value)};
}

Field reduced_light(const GreyImage& image, std::size_t factor) {
  return block_means(image.rows, image.columns, factor,
                     [&](std::size_t row, std::size_t column) { return static_cast<float>(image.at(row, column)); });
}

Field reduced(const Field& field, std::size_t factor) {
  return block_means(field.rows, field.columns, factor,
                     [&](std::size_t row, std::size_t column) { return field.at(row, column); });
}

Field box_mean(const Field& field, std::size_t radius) {
  Field result = field;
  mean_along_rows(result, radius);
  mean_along_columns(result, radius);
  return result;
}

Field box_maximum(const Field& field, std::size_t radius) {
  return along_both(field, [&](Field& rows) { best_along_rows(rows, radius, std::greater<>()); });
}

Field box_minimum(const Field& field, std::size_t radius) {
  return along_both(field, [&](Field& rows) { best_along_rows(rows, radius, std::less<>()); });
}

Field enlarged(const Field& field, std::size_t factor, std::size_t rows, std::size_t columns) {
  struct Between {
    std::size_t first, second;
    float part;  ///< of the second
  };
  const auto between = [&](std::size_t index, std::size_t count) {
    const float place = (static_cast<float>(index) + 0.5F) / static_cast<float>(factor) - 0.5F;
    const float inside = std::clamp(place, 0.0F, static_cast<float>(count - 1));
    const auto first = static_cast<std::size_t>(inside);
    return Between{first, std::min(first + 1, count - 1), inside - static_cast<float>(first)};
  };
  std::vector<Between> across;
  for (std::size_t column = 0; column < columns; ++column) across.push_back(between(column, field.columns));
  Field result = field_of(rows, columns);
  std::vector<float> line(field.columns);
  for (std::size_t row = 0; row < rows; ++row) {
    const Between down = between(row, field.rows);
    const std::span<const float> upper = field.row(down.first), lower = field.row(down.second);
    for (std::size_t x = 0; x < line.size(); ++x) line[x] = upper[x] + down.part * (lower[x] - upper[x]);
    const std::span<float> target = result.row(row);
    for (std::size_t column = 0; column < columns; ++column) {
      const Between& at = across[column];
      target[column] = line[at.first] + at.part * (line[at.second] - line[at.first]);
    }
  }
  return result;
}

}  // namespace nib
