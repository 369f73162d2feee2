#include "images/preparation/field.h"

#include <algorithm>
#include <array>
#include <deque>
#include <functional>

namespace nib {
namespace {

/// Adds a row's pixels to the sums of their blocks. `Factor` is their width where it is a usual one, which makes this
/// several times faster, or 0.
template <std::size_t Factor, typename Pixel>
void add_row(std::span<const Pixel> pixels, std::size_t width, std::vector<float>& sums) {
  const std::size_t factor = Factor > 0 ? Factor : width, whole = pixels.size() / factor;
  for (std::size_t column = 0; column < whole; ++column) {
    float sum = sums[column];
    for (std::size_t x = 0; x < factor; ++x) sum += static_cast<float>(pixels[column * factor + x]);
    sums[column] = sum;
  }
  for (std::size_t x = whole * factor; x < pixels.size(); ++x) sums[whole] += static_cast<float>(pixels[x]);
}

template <typename Pixel>
auto row_adder(std::size_t factor) {
  switch (factor) {
    case 1:
      return add_row<1, Pixel>;
    case 2:
      return add_row<2, Pixel>;
    case 3:
      return add_row<3, Pixel>;
    case 4:
      return add_row<4, Pixel>;
    case 5:
      return add_row<5, Pixel>;
    case 6:
      return add_row<6, Pixel>;
    default:
      return add_row<0, Pixel>;
  }
}

/// Sums blocks of pixels, and divides by how many each block has.
template <typename Pixel>
Field block_means(std::span<const Pixel> pixels, std::size_t rows, std::size_t columns, std::size_t factor) {
  Field result = field_of((rows + factor - 1) / factor, (columns + factor - 1) / factor);
  const auto add = row_adder<Pixel>(factor);
  std::vector<float> sums(result.columns);
  for (std::size_t row = 0; row < result.rows; ++row) {
    std::fill(sums.begin(), sums.end(), 0.0F);
    const std::size_t first = row * factor, last = std::min(rows, first + factor);
    for (std::size_t y = first; y < last; ++y) add(pixels.subspan(y * columns, columns), factor, sums);
    const std::span<float> means = result.row(row);
    const std::size_t whole = columns / factor;
    const auto high = last - first;
    for (std::size_t column = 0; column < whole; ++column)
      means[column] = sums[column] / static_cast<float>(factor * high);
    if (whole < means.size()) means[whole] = sums[whole] / static_cast<float>((columns - whole * factor) * high);
  }
  return result;
}

/// Replaces each row's pixels by the means of their windows.
void mean_along_rows(Field& field, std::size_t radius) {
  std::vector<double> sums(field.columns + 1);
  for (std::size_t row = 0; row < field.rows; ++row) {
    const std::span<float> pixels = field.row(row);
    for (std::size_t x = 0; x < pixels.size(); ++x) sums[x + 1] = sums[x] + static_cast<double>(pixels[x]);
    const auto mean = [&](std::size_t first, std::size_t last) {
      return static_cast<float>((sums[last] - sums[first]) / static_cast<double>(last - first));
    };
    // Windows that end at the edge, and between them those that do not.
    const std::size_t begin = std::min(radius, pixels.size()), end = std::max(begin, pixels.size() - begin);
    for (std::size_t x = 0; x < begin; ++x) pixels[x] = mean(0, std::min(pixels.size(), x + radius + 1));
    for (std::size_t x = begin; x < end; ++x) pixels[x] = mean(x - radius, x - radius + 2 * radius + 1);
    for (std::size_t x = end; x < pixels.size(); ++x) pixels[x] = mean(x - radius, pixels.size());
  }
}

/// Replaces each column's pixels by the means of their windows, row by row with the sums of all columns at hand.
void mean_along_columns(Field& field, std::size_t radius) {
  const Field old = field;
  std::vector<double> sums(field.columns);
  const auto change_by_row = [&](std::size_t row, double sign) {
    const float* const pixels = old.row(row).data();
    for (std::size_t x = 0; x < sums.size(); ++x) sums[x] += sign * static_cast<double>(pixels[x]);
  };
  for (std::size_t row = 0, next = 0; row < field.rows; ++row) {
    for (; next < std::min(field.rows, row + radius + 1); ++next) change_by_row(next, 1);
    if (row > radius) change_by_row(row - radius - 1, -1);
    const double share = 1 / static_cast<double>(next - (row > radius ? row - radius : 0));
    float* const target = field.row(row).data();
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

float largest_value(const Field& field) {
  std::array<float, 16> largest;  // side by side, so that they need not wait for each other
  largest.fill(field.values.front());
  const std::size_t whole = field.values.size() / largest.size() * largest.size();
  for (std::size_t i = 0; i < whole; i += largest.size())
    for (std::size_t k = 0; k < largest.size(); ++k) {
      const float value = field.values[i + k];
      largest[k] = largest[k] < value ? value : largest[k];
    }
  for (std::size_t i = whole; i < field.values.size(); ++i) largest[0] = std::max(largest[0], field.values[i]);
  return std::ranges::max(largest);
}

Field reduced_light(const GreyImage& image, std::size_t factor) {
  return block_means(std::span(image.light), image.rows, image.columns, factor);
}

Field reduced(const Field& field, std::size_t factor) {
  return block_means(std::span(field.values), field.rows, field.columns, factor);
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
