#include "score/redraw.h"

#include <algorithm>
#include <vector>

#include "score/pen_lines.h"

namespace nib {
namespace {

constexpr std::size_t points = 4;  ///< a side, in each pixel

/// Where a point of the new image lies between two pixels of the old one.
struct Between {
  std::size_t before = 0;
  float part = 0;  ///< of the next one
};

/// Of all points along a side of `count` pixels; what is outside counts as its last pixel.
std::vector<Between> places(std::size_t count, float scale) {
  std::vector<Between> result;
  const float middle = static_cast<float>(count - 1) / 2;
  for (std::size_t i = 0; i < count * points; ++i) {
    const float point = (static_cast<float>(i) + 0.5F) / points - 0.5F;
    const float at = std::clamp((point - middle) / scale + middle, 0.0F, static_cast<float>(count) - 1.001F);
    const auto before = static_cast<std::size_t>(at);
    result.push_back({before, at - static_cast<float>(before)});
  }
  return result;
}

/// How many of the pixels around each that lie inside an image, and itself, have ink over a level: of three along a
/// row, and then of three rows.
std::vector<std::uint8_t> neighbours_with_ink(std::span<const std::uint8_t> pixels, std::size_t rows,
                                              std::size_t columns, float level) {
  std::vector<std::uint8_t> ink(pixels.size()), along(pixels.size()), all(pixels.size());
  for (std::size_t i = 0; i < pixels.size(); ++i) ink[i] = static_cast<float>(pixels[i]) > level;
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 1; column + 1 < columns; ++column) {
      const std::uint8_t* const at = &ink[row * columns + column];
      along[row * columns + column] = static_cast<std::uint8_t>(at[-1] + at[0] + at[1]);
    }
  for (std::size_t i = columns; i + columns < pixels.size(); ++i)
    all[i] = static_cast<std::uint8_t>(along[i - columns] + along[i] + along[i + columns]);
  return all;
}

}  // namespace

void redraw(Random& random, std::uint32_t rows, std::uint32_t columns, std::span<std::uint8_t> pixels) {
  const float level = random.between(0.12F, 0.7F) * static_cast<float>(std::ranges::max(pixels)),
              scale = random.between(0.93F, 1.07F);
  if (level == 0) return;
  const std::vector<Between> down = places(rows, scale), across = places(columns, scale);
  const std::vector<std::uint8_t> old(pixels.begin(), pixels.end()),
      ink = neighbours_with_ink(pixels, rows, columns, level);
  const auto inside = [&](const Between& y, const Between& x) {
    const std::uint8_t* const upper = &old[y.before * columns + x.before];
    const std::uint8_t* const lower = upper + columns;
    const auto between = [](float part, float one, float next) { return one + part * (next - one); };
    return between(y.part, between(x.part, upper[0], upper[1]), between(x.part, lower[0], lower[1])) > level;
  };
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column) {
      const std::span<const Between> y(&down[row * points], points), x(&across[column * points], points);
      // All points lie between the nine pixels around the middle one's: mostly all of these are ink, or all are paper.
      const Between &middle_y = y[points / 2], &middle_x = x[points / 2];
      const std::size_t nearest_row = middle_y.before + (middle_y.part > 0.5F ? 1 : 0),
                        nearest_column = middle_x.before + (middle_x.part > 0.5F ? 1 : 0);
      const std::uint8_t around = ink[nearest_row * columns + nearest_column];
      std::size_t filled = around == 9 ? points * points : 0;
      if (around > 0 && around < 9)
        for (const Between& v : y)
          for (const Between& u : x) filled += inside(v, u);
      pixels[row * columns + column] = static_cast<std::uint8_t>(255 * filled / (points * points));
    }
  centre_by_mass(rows, columns, pixels);
}

}  // namespace nib
