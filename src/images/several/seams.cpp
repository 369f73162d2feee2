#include "images/several/seams.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "images/preparation/field.h"

namespace nib {
namespace {

constexpr float aside = 0.15F;  ///< the cost of a step to the next column

/// The cheapest way down from the top of column `start`, which leaves its neighbourhood of `reach` columns nowhere.
/// Least cost to each pixel from above, row by row, and the way back from the cheapest one of the last row.
Seam seam_from(const Mask& mask, const Field& pixel_costs, std::size_t start, std::size_t reach) {
  const std::size_t first = start > reach ? start - reach : 0, last = std::min(mask.columns, start + reach + 1);
  const std::size_t width = last - first;
  constexpr float never = std::numeric_limits<float>::max();
  std::vector<float> costs(width, never);
  std::vector<signed char> steps(mask.rows * width);  // from the column above to this one
  costs[start - first] = pixel_costs.at(0, start);
  std::vector<float> next(width);
  for (std::size_t row = 1; row < mask.rows; ++row) {
    for (std::size_t x = 0; x < width; ++x) {
      float least = costs[x];
      signed char step = 0;
      if (x > 0 && costs[x - 1] < least - aside) {
        least = costs[x - 1] + aside;
        step = 1;
      }
      if (x + 1 < width && costs[x + 1] < least - aside) {
        least = costs[x + 1] + aside;
        step = -1;
      }
      next[x] = least == never ? never : least + pixel_costs.at(row, first + x);
      steps[row * width + x] = step;
    }
    std::swap(costs, next);
  }
  Seam seam{.columns = std::vector<std::size_t>(mask.rows)};
  auto x = static_cast<std::ptrdiff_t>(std::ranges::min_element(costs) - costs.begin());
  double ink_place = 0, place = 0;
  for (std::size_t row = mask.rows; row-- > 0;) {
    const std::size_t column = first + static_cast<std::size_t>(x);
    seam.columns[row] = column;
    place += static_cast<double>(column);
    if (mask.at(row, column)) {
      seam.ink += 1;
      seam.cost += static_cast<double>(pixel_costs.at(row, column));
      ink_place += static_cast<double>(column);
    }
    x -= steps[row * width + static_cast<std::size_t>(x)];
  }
  seam.place = seam.ink > 0 ? ink_place / seam.ink : place / static_cast<double>(mask.rows);
  return seam;
}

Field costs_of_ink(const Mask& mask) {
  Field costs = field_of(mask.rows, mask.columns);
  std::ranges::copy(mask.set, costs.values.begin());
  return costs;
}

/// Less where two strokes may lie side by side.
Field costs_between_strokes(const Mask& mask, double stroke) {
  constexpr double wide = 1.4, inner = 0.6;  // in strokes
  constexpr float less = 0.35F;
  Field costs = costs_of_ink(mask);
  for (std::size_t row = 0; row < mask.rows; ++row)
    for (std::size_t begin = 0; begin < mask.columns;) {
      std::size_t end = begin;
      while (end < mask.columns && mask.at(row, end)) ++end;
      if (static_cast<double>(end - begin) > wide * stroke)
        for (std::size_t x = begin; x < end; ++x)
          if (static_cast<double>(std::min(x - begin, end - 1 - x)) >= inner * stroke) costs.at(row, x) = less;
      begin = end + 1;
    }
  return costs;
}

double mean_distance(const Seam& one, const Seam& other) {
  double sum = 0;
  for (std::size_t row = 0; row < one.columns.size(); ++row)
    sum += std::abs(static_cast<double>(one.columns[row]) - static_cast<double>(other.columns[row]));
  return sum / static_cast<double>(one.columns.size());
}

/// Adds the cheapest ways, each if it is not nearer than `apart` to one that is there.
void add_seams(const Mask& mask, const Field& pixel_costs, double apart, double most, double stroke,
               std::vector<Seam>& chosen) {
  const auto reach = static_cast<std::size_t>(0.3 * static_cast<double>(mask.rows)) + 1;
  const double side = 0.5 * stroke;
  std::vector<Seam> all;
  for (std::size_t start = 2; start + 2 < mask.columns; start += 2)
    if (Seam seam = seam_from(mask, pixel_costs, start, reach); seam.cost <= most) all.push_back(std::move(seam));
  std::ranges::stable_sort(all, {}, &Seam::cost);
  for (Seam& seam : all) {
    const auto near = [&](const Seam& other) {
      return std::abs(other.place - seam.place) < apart && mean_distance(seam, other) < apart;
    };
    const bool at_a_side = seam.place < side || seam.place > static_cast<double>(mask.columns) - side;
    if (!at_a_side && std::ranges::none_of(chosen, near)) chosen.push_back(std::move(seam));
  }
}

}  // namespace

std::vector<Seam> seams_of(const Piece& piece, std::size_t columns, double height, double stroke) {
  constexpr double apart = 0.12, apart_between = 0.08;  // of the height
  constexpr double most_strokes = 3;
  const Mask mask = own_mask(piece, columns);
  std::vector<Seam> seams;
  add_seams(mask, costs_of_ink(mask), apart * height, most_strokes * stroke, stroke, seams);
  add_seams(mask, costs_between_strokes(mask, stroke), apart_between * height, most_strokes * stroke, stroke, seams);
  std::ranges::sort(seams, {}, &Seam::place);
  return seams;
}

}  // namespace nib
