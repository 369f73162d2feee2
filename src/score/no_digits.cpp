#include "score/no_digits.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/threads.h"
#include "images/preparation/placement.h"
#include "score/doodle.h"
#include "score/letters.h"
#include "score/pen_lines.h"
#include "score/random.h"
#include "score/redraw.h"
#include "score/sketches.h"

namespace nib {
namespace {

/// Into the middle 20/28 of an image: `level` of places from -1 to 1.
void fill(const Dataset& set, std::span<std::uint8_t> pixels, const std::function<float(float y, float x)>& level) {
  const float half = static_cast<float>(std::min(set.rows, set.columns)) * 10 / 28;
  for (std::uint32_t row = 0; row < set.rows; ++row)
    for (std::uint32_t column = 0; column < set.columns; ++column) {
      const float y = (static_cast<float>(row) - static_cast<float>(set.rows - 1) / 2) / half,
                  x = (static_cast<float>(column) - static_cast<float>(set.columns - 1) / 2) / half;
      const bool within = std::abs(y) <= 1 && std::abs(x) <= 1;
      pixels[std::size_t{row} * set.columns + column] =
          within ? static_cast<std::uint8_t>(255 * std::clamp(level(y, x), 0.0F, 1.0F)) : std::uint8_t{0};
    }
}

/// A filled ellipse, or patches of a coarse random grid over a threshold.
void blot(Random& random, const Dataset& set, std::span<std::uint8_t> pixels) {
  if (random.happens(0.35F)) {
    const float narrow = random.between(0.3F, 1), angle = random.between(0, full_turn);
    fill(set, pixels, [&](float y, float x) {
      const float u = x * std::cos(angle) + y * std::sin(angle), v = y * std::cos(angle) - x * std::sin(angle);
      return 0.5F + (1 - std::hypot(u, v / narrow)) * 10 * narrow;
    });
    return;
  }
  const std::size_t grid = 3 + random.below(6);
  std::vector<float> values((grid + 1) * (grid + 1));
  for (float& value : values) value = random.between(0, 1);
  const float threshold = random.between(0.35F, 0.65F), sharpness = random.between(2, 12);
  fill(set, pixels, [&](float y, float x) {
    const float down = std::min((y + 1) / 2 * static_cast<float>(grid), static_cast<float>(grid) - 1e-3F),
                across = std::min((x + 1) / 2 * static_cast<float>(grid), static_cast<float>(grid) - 1e-3F);
    const auto i = static_cast<std::size_t>(down), j = static_cast<std::size_t>(across);
    const float v = down - static_cast<float>(i), u = across - static_cast<float>(j);
    const auto at = [&](std::size_t a, std::size_t b) { return values[a * (grid + 1) + b]; };
    const float upper = at(i, j) + u * (at(i, j + 1) - at(i, j)),
                lower = at(i + 1, j) + u * (at(i + 1, j + 1) - at(i + 1, j));
    return (upper + v * (lower - upper) - threshold) * sharpness + 0.5F;
  });
  centre_by_mass(set.rows, set.columns, pixels);
}

struct Reach {
  std::uint32_t first_row, rows, first_column, columns;
};

Reach reach_of(const Dataset& set, const std::uint8_t* pixels) {
  constexpr std::uint8_t ink = 60;
  std::uint32_t top = set.rows, bottom = 0, left = set.columns, right = 0;
  for (std::uint32_t row = 0; row < set.rows; ++row)
    for (std::uint32_t column = 0; column < set.columns; ++column)
      if (pixels[std::size_t{row} * set.columns + column] > ink) {
        top = std::min(top, row);
        bottom = std::max(bottom, row + 1);
        left = std::min(left, column);
        right = std::max(right, column + 1);
      }
  if (top >= bottom) return {0, set.rows, 0, set.columns};
  return {top, bottom - top, left, right - left};
}

/// Two digits side by side, up to a sixth of an image into each other or apart, as one stroke would be placed.
void pair(Random& random, const Dataset& digits, std::span<std::uint8_t> pixels) {
  const std::size_t one = random.below(digits.size()), other = random.below(digits.size());
  std::vector<std::uint8_t> one_room, other_room;
  const std::uint8_t* const one_digit = digits.image(one, one_room);
  const std::uint8_t* const other_digit = digits.image(other, other_room);
  const Reach a = reach_of(digits, one_digit), b = reach_of(digits, other_digit);
  const auto sixth = static_cast<float>(digits.columns) / 6;
  const long gap = std::lround(random.between(-sixth, sixth)), height = std::max(a.rows, b.rows) + 4;
  const long second = std::max(1L, static_cast<long>(a.columns) + gap);
  Field ink = field_of(static_cast<std::size_t>(height),
                       static_cast<std::size_t>(std::max<long>(a.columns, second + static_cast<long>(b.columns))));
  const auto put = [&](const Reach& reach, const std::uint8_t* digit, std::size_t at) {
    const std::size_t down = random.below(static_cast<std::size_t>(height) - reach.rows + 1);
    for (std::uint32_t row = 0; row < reach.rows; ++row)
      for (std::uint32_t column = 0; column < reach.columns; ++column) {
        float& to = ink.at(down + row, at + column);
        const std::size_t pixel = std::size_t{reach.first_row + row} * digits.columns + reach.first_column + column;
        to = std::max(to, static_cast<float>(digit[pixel]) / 255);
      }
  };
  put(a, one_digit, 0);
  put(b, other_digit, static_cast<std::size_t>(second));
  // What is to be placed has ink of at least a half; images of a faint set have less, and blank ones none.
  const float full = std::ranges::max(ink.values);
  if (full <= 0) return;
  if (full < 0.5F)
    for (float& each : ink.values) each /= full;
  const float stronger = random.between(1, 2.2F);  // a pen as wide as usual although the digits are half as large
  const NetworkImage image = placed(ink, digits.rows, digits.columns);
  for (std::size_t i = 0; i < image.pixels.size(); ++i)
    pixels[i] = static_cast<std::uint8_t>(std::min(255.0F, stronger * static_cast<float>(image.pixels[i])));
}

/// As wide as preparation makes strokes, now and then wide and narrow by their direction.
Pen some_pen(Random& random, float flat_happens) {
  Pen pen{.width = random.between(1.4F, 3.4F)};
  if (!random.happens(flat_happens)) return pen;
  pen.flat = random.between(0.4F, 1);
  pen.width = std::max(pen.width, 1.4F / pen.flat);
  pen.angle = random.between(-0.6F, 0.6F);
  return pen;
}

/// In turn, so that any part of them has all kinds.
Shown make(std::size_t index, const Dataset& digits, std::span<std::uint8_t> pixels, std::uint8_t& digit_class) {
  Random random(Random::Use::no_digit, index);
  const auto drawn = [&](const std::vector<PenLine>& lines, float flat_happens = 0.1F) {
    draw_as_digit(lines, some_pen(random, flat_happens), digits.rows, digits.columns, pixels);
    return Shown::drawing;
  };
  // Of 26: 7 letters, 2 scribbles, 7 sketches, 4 doodles, 3 pairs, a blot, bars, a digit that is turned.
  constexpr std::size_t period = 26;
  const std::size_t turn = index % period;
  if (turn < 7) return drawn(letter(random), 0.5F);
  if (turn < 9) return drawn(scribble(random));
  if (turn < 16) return drawn(sketch(random));
  if (turn < 20) return drawn(doodle(random));
  if (turn < 23) {
    pair(random, digits, pixels);
    redraw(random, digits.rows, digits.columns, pixels);
    return Shown::several;
  }
  if (turn == 23) {
    blot(random, digits, pixels);
    return Shown::blot;
  }
  if (turn == 24) {
    drawn(bars(random));
    return Shown::blot;
  }
  const std::size_t digit = random.below(digits.size());
  std::vector<std::uint8_t> room;
  std::ranges::copy(turned({digits.image(digit, room), pixels.size()}, digits.rows, random.happens(0.5F)),
                    pixels.begin());
  redraw(random, digits.rows, digits.columns, pixels);
  digit_class = digits.labels[digit];
  return Shown::turned;
}

}  // namespace

std::vector<std::uint8_t> turned(std::span<const std::uint8_t> pixels, std::uint32_t side, bool to_the_right) {
  std::vector<std::uint8_t> result(pixels.size());
  for (std::size_t row = 0; row < side; ++row)
    for (std::size_t column = 0; column < side; ++column)
      result[row * side + column] =
          to_the_right ? pixels[(side - 1 - column) * side + row] : pixels[column * side + side - 1 - row];
  return result;
}

NoDigits no_digits(const Dataset& digits, std::size_t begin, std::size_t count, unsigned threads) {
  NoDigits result{.images = {digits.rows, digits.columns, {"digit", "drawing", "several", "blot", "turned"}, {}, {}},
                  .classes = std::vector<std::uint8_t>(count)};
  Dataset& set = result.images;
  const std::size_t size = std::size_t{set.rows} * set.columns;
  set.pixels.resize(count * size);
  set.labels.resize(count);
  run_side_by_side(threads, [&](std::size_t part) {
    for (std::size_t i = part * count / threads; i < (part + 1) * count / threads; ++i)
      set.labels[i] = static_cast<std::uint8_t>(
          make(begin + i, digits, std::span(set.pixels).subspan(i * size, size), result.classes[i]));
  });
  return result;
}

}  // namespace nib
