#include "images/several/seams.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nib {
namespace {

constexpr float aside = 0.15F;  ///< the cost of a step to the next column

/// The cheapest way down from the top of column `start`, which leaves its neighbourhood of `reach` columns nowhere.
/// Least cost to each pixel from above, row by row, and the way back from the cheapest one of the last row.
Seam seam_from(const Mask& mask, std::size_t start, std::size_t reach) {
  const std::size_t first = start > reach ? start - reach : 0, last = std::min(mask.columns, start + reach + 1);
  const std::size_t width = last - first;
  constexpr float never = std::numeric_limits<float>::max();
  std::vector<float> costs(width, never);
  std::vector<signed char> steps(mask.rows * width);  // from the column above to this one
  costs[start - first] = mask.at(0, start);
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
      next[x] = least == never ? never : least + static_cast<float>(mask.at(row, first + x));
      steps[row * width + x] = step;
    }
    std::swap(costs, next);
  }
  Seam seam{std::vector<std::size_t>(mask.rows), 0, 0};
  auto x = static_cast<std::ptrdiff_t>(std::ranges::min_element(costs) - costs.begin());
  double ink_place = 0, place = 0;
  for (std::size_t row = mask.rows; row-- > 0;) {
    const std::size_t column = first + static_cast<std::size_t>(x);
    seam.columns[row] = column;
    place += static_cast<double>(column);
    if (mask.at(row, column)) {
      seam.ink += 1;
      ink_place += static_cast<double>(column);
    }
    x -= steps[row * width + static_cast<std::size_t>(x)];
  }
  seam.place = seam.ink > 0 ? ink_place / seam.ink : place / static_cast<double>(mask.rows);
  return seam;
}

}  // namespace

std::vector<Seam> seams_of(const Piece& piece, std::size_t columns, double apart, double most_ink) {
  const Mask mask = own_mask(piece, columns);
  const auto reach = static_cast<std::size_t>(0.3 * static_cast<double>(mask.rows)) + 1;
  std::vector<Seam> all;
  for (std::size_t start = 2; start + 2 < mask.columns; start += 2)
    if (Seam seam = seam_from(mask, start, reach); seam.ink <= most_ink) all.push_back(std::move(seam));
  std::ranges::stable_sort(all, {}, &Seam::ink);
  std::vector<Seam> chosen;
  for (Seam& seam : all) {
    const auto near = [&](const Seam& other) {
      if (std::abs(other.place - seam.place) >= apart) return false;
      double sum = 0;
      for (std::size_t row = 0; row < mask.rows; ++row)
        sum += std::abs(static_cast<double>(other.columns[row]) - static_cast<double>(seam.columns[row]));
      return sum < apart * static_cast<double>(mask.rows);
    };
    const bool at_a_side = seam.place < apart || seam.place > static_cast<double>(mask.columns) - apart;
    if (!at_a_side && std::ranges::none_of(chosen, near)) chosen.push_back(std::move(seam));
  }
  std::ranges::sort(chosen, {}, &Seam::place);
  return chosen;
}

}  // namespace nib
