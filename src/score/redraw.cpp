#include "score/redraw.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "score/pen_lines.h"

namespace nib {
namespace {

constexpr std::size_t points = 4;  ///< a side, in each pixel

/// What a stroke takes up along one side, between the middles of pixels as between places 0 and 1, 1 and 2 ...
struct Extent {
  float first = 0, last = 0;
  float length() const { return last - first; }
};

/// `most`: the most ink of each row or column. The ends are where that comes to `level`, between two of them.
Extent extent_of(std::span<const std::uint8_t> most, float level) {
  const auto has_ink = [&](std::uint8_t ink) { return static_cast<float>(ink) > level; };
  const auto first = std::ranges::find_if(most, has_ink) - most.begin();
  const auto last =
      most.size() - 1 - static_cast<std::size_t>(std::find_if(most.rbegin(), most.rend(), has_ink) - most.rbegin());
  const auto beyond = [&](std::size_t at, bool has_next, std::size_t next) {
    const float ink = most[at];
    return has_next ? (ink - level) / (ink - static_cast<float>(most[next])) : 0.5F;
  };
  const auto begin = static_cast<std::size_t>(first);
  return {static_cast<float>(begin) - beyond(begin, begin > 0, begin - 1),
          static_cast<float>(last) + beyond(last, last + 1 < most.size(), last + 1)};
}

/// The most ink of each row, and of each column.
struct Profiles {
  std::vector<std::uint8_t> rows, columns;
};

Profiles profiles_of(std::span<const std::uint8_t> pixels, std::size_t rows, std::size_t columns) {
  Profiles most{std::vector<std::uint8_t>(rows), std::vector<std::uint8_t>(columns)};
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column) {
      const std::uint8_t pixel = pixels[row * columns + column];
      most.rows[row] = std::max(most.rows[row], pixel);
      most.columns[column] = std::max(most.columns[column], pixel);
    }
  return most;
}

/// Where a point of the new image lies between two pixels of the old one.
struct Between {
  std::size_t before = 0;
  float part = 0;       ///< of the next one
  bool inside = false;  ///< of what the stroke takes up
};

/// Of all points along a side of `count` pixels, where the stroke is to take up `length` of them in the middle.
std::vector<Between> places(std::size_t count, const Extent& extent, std::size_t length) {
  std::vector<Between> result;
  const auto begin = static_cast<float>((count - length) / 2);
  const float scale = static_cast<float>(length) / extent.length();
  for (std::size_t i = 0; i < count * points; ++i) {
    const float from_begin = (static_cast<float>(i) + 0.5F) / points - begin;
    const float at = std::clamp(extent.first + from_begin / scale, 0.0F, static_cast<float>(count) - 1.001F);
    const auto before = static_cast<std::size_t>(at);
    result.push_back(
        {before, at - static_cast<float>(before), from_begin > 0 && from_begin < static_cast<float>(length)});
  }
  return result;
}

/// How many of the nine pixels around each have ink over a level, of three along a row, and then of three rows. What is
/// outside of the image counts as its last pixel.
std::vector<std::uint8_t> neighbours_with_ink(std::span<const std::uint8_t> pixels, std::size_t rows,
                                              std::size_t columns, float level) {
  std::vector<std::uint8_t> ink(pixels.size()), along(pixels.size()), all(pixels.size());
  for (std::size_t i = 0; i < pixels.size(); ++i) ink[i] = static_cast<float>(pixels[i]) > level;
  const auto sum = [](std::uint8_t one, std::uint8_t other, std::uint8_t third) {
    return static_cast<std::uint8_t>(one + other + third);
  };
  for (std::size_t row = 0; row < rows; ++row) {
    const std::uint8_t* const at = &ink[row * columns];
    for (std::size_t column = 0; column < columns; ++column)
      along[row * columns + column] =
          sum(at[column > 0 ? column - 1 : 0], at[column], at[std::min(column + 1, columns - 1)]);
  }
  for (std::size_t row = 0; row < rows; ++row) {
    const std::uint8_t *const above = &along[(row > 0 ? row - 1 : 0) * columns], *const at = &along[row * columns],
                              *const below = &along[std::min(row + 1, rows - 1) * columns];
    for (std::size_t column = 0; column < columns; ++column)
      all[row * columns + column] = sum(above[column], at[column], below[column]);
  }
  return all;
}

/// As many whole pixels as preparation gives a stroke's side.
std::size_t fitted(const Extent& extent, float scale, std::size_t most) {
  return std::clamp<std::size_t>(static_cast<std::size_t>(std::lround(extent.length() * scale)), 1, most);
}

}  // namespace

void redraw(Random& random, std::uint32_t rows, std::uint32_t columns, std::span<std::uint8_t> pixels) {
  constexpr float box_part = 20.0F / 28;
  const float level = random.between(0.12F, 0.7F) * static_cast<float>(std::ranges::max(pixels));
  if (level == 0) return;
  const Profiles most = profiles_of(pixels, rows, columns);
  const Extent tall = extent_of(most.rows, level), wide = extent_of(most.columns, level);
  const float scale =
      box_part * std::min(static_cast<float>(rows) / tall.length(), static_cast<float>(columns) / wide.length());
  const std::vector<Between> down = places(rows, tall, fitted(tall, scale, rows)),
                             across = places(columns, wide, fitted(wide, scale, columns));
  const std::vector<std::uint8_t> old(pixels.begin(), pixels.end()),
      ink = neighbours_with_ink(pixels, rows, columns, level);
  const auto has_ink = [&](const Between& y, const Between& x) {
    if (!y.inside || !x.inside) return false;
    const std::uint8_t* const upper = &old[y.before * columns + x.before];
    const std::uint8_t* const lower = upper + columns;
    const auto between = [](float part, float one, float next) { return one + part * (next - one); };
    return between(y.part, between(x.part, upper[0], upper[1]), between(x.part, lower[0], lower[1])) > level;
  };
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column) {
      const std::span<const Between> y(&down[row * points], points), x(&across[column * points], points);
      // At its scale a pixel's points lie between the nine around the middle one's: mostly all ink, or all paper.
      const Between &middle_y = y[points / 2], &middle_x = x[points / 2];
      const std::size_t nearest_row = middle_y.before + (middle_y.part > 0.5F ? 1 : 0),
                        nearest_column = middle_x.before + (middle_x.part > 0.5F ? 1 : 0);
      const std::uint8_t around = ink[nearest_row * columns + nearest_column];
      const bool all_inside = y.front().inside && y.back().inside && x.front().inside && x.back().inside;
      std::size_t filled = around == 9 && all_inside ? points * points : 0;
      if (filled == 0 && around > 0)
        for (const Between& v : y)
          for (const Between& u : x) filled += has_ink(v, u);
      pixels[row * columns + column] = static_cast<std::uint8_t>(255 * filled / (points * points));
    }
  centre_by_mass(rows, columns, pixels);
}

}  // namespace nib
