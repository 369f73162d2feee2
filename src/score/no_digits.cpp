#include "score/no_digits.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/threads.h"
#include "images/preparation/placement.h"
#include "nib/arithmetic/philox.h"
#include "score/letter_strokes.h"
#include "score/pen_lines.h"

namespace nib {
namespace {

constexpr float full_turn = 6.2831853F;

/// Numbers that belong to one image.
class Random {
 public:
  explicit Random(std::size_t image) : image_(static_cast<std::uint32_t>(image)) {}

  std::uint32_t word() {
    constexpr std::uint32_t use = 0x73636f72;  ///< no RandomUse of the library
    if (next_ % 4 == 0) block_ = philox4x32_10(0, {{next_ / 4, image_, 0, use}});
    return block_.word[next_++ % 4];
  }
  float between(float low, float high) { return low + (high - low) * unit_float(word()); }
  std::size_t below(std::size_t count) { return word() % count; }
  bool happens(float probability) { return between(0, 1) < probability; }

 private:
  std::uint32_t image_, next_ = 0;
  Philox4 block_{};
};

using Lines = std::vector<PenLine>;

/// Each point led astray a little, the letter made wide or narrow, leant over, and given serifs.
Lines letter(Random& random) {
  Lines lines;
  const float wide = random.between(0.55F, 1.25F), astray = random.between(0, 0.35F),
              slant = random.happens(0.5F) ? random.between(-0.25F, 0.25F) : 0.0F;
  for (const LetterStroke& stroke : letter_strokes(random.below(letter_count()))) {
    PenLine line = stroke.line;
    for (PenPoint& point : line) {
      point.x += astray * random.between(-1.4F, 1.4F);
      point.y += astray * random.between(-1.7F, 1.7F);
    }
    if (stroke.round) line = rounded(line);
    for (PenPoint& point : line) point.x = wide * point.x - slant * (point.y - 3);
    lines.push_back(line);
  }
  if (!random.happens(0.4F)) return lines;
  for (std::size_t i = 0, strokes = lines.size(); i < strokes; ++i)
    for (const PenPoint end : {lines[i].front(), lines[i].back()})
      if (const float half = random.between(0.3F, 0.8F); random.happens(0.6F))
        lines.push_back({{end.x - half, end.y}, {end.x + half, end.y}});
  return lines;
}

/// Two to five strokes between points of a grid of three by three, straight or bent.
Lines scribble(Random& random) {
  const float wide = random.between(0.5F, 1.05F), slant = random.happens(0.4F) ? random.between(-0.25F, 0.25F) : 0.0F;
  std::vector<std::size_t> used{random.below(9)};
  Lines lines;
  const auto place = [&](std::size_t node) {
    return PenPoint{0.5F * wide * static_cast<float>(node % 3), 0.5F * static_cast<float>(node / 3)};
  };
  const std::size_t strokes = 2 + random.below(4);
  for (std::size_t i = 0; i < strokes; ++i) {
    const std::size_t from = random.happens(0.45F) ? used[random.below(used.size())] : used.back();
    const std::size_t to = (from + 1 + random.below(8)) % 9;
    const PenPoint a = place(from), b = place(to);
    PenLine line{a, b};
    if (random.happens(0.35F)) {
      const float bent = random.between(0.6F, 1.3F) * (random.happens(0.5F) ? 1.0F : -1.0F);
      line = rounded({a, {(a.x + b.x) / 2 - bent * (b.y - a.y), (a.y + b.y) / 2 + bent * (b.x - a.x)}, b});
    }
    for (PenPoint& point : line) point.x -= slant * (point.y - 0.5F);
    lines.push_back(line);
    used.push_back(to);
  }
  return lines;
}

/// A circle or a part of one, a box, a triangle, a line or a zigzag.
PenLine shape(Random& random) {
  const PenPoint at{random.between(0, 1), random.between(0, 1)};
  const float size = random.between(0.15F, 0.5F), wide = random.between(0.6F, 1.6F);
  const auto anywhere = [&](float reach) {
    return PenPoint{random.between(-reach, reach), random.between(-reach, reach)};
  };
  PenLine line;
  switch (random.below(6)) {
    case 0:
    case 1: {
      const float begin = random.between(0, full_turn),
                  length = full_turn * (random.happens(0.7F) ? 1.0F : random.between(0.4F, 0.9F));
      for (int i = 0; i <= 12; ++i) {
        const float angle = begin + length * static_cast<float>(i) / 12;
        line.push_back({wide * std::cos(angle), std::sin(angle)});
      }
      break;
    }
    case 2:
      line = {{-wide, -1}, {wide, -1}, {wide, 1}, {-wide, 1}, {-wide, -1}};
      break;
    case 3:
      line = {anywhere(1.5F), anywhere(1.5F), anywhere(1.5F)};
      line.push_back(line.front());
      break;
    case 4:
      line = {anywhere(1.6F), anywhere(1.6F)};
      break;
    default: {
      const std::size_t points = 3 + random.below(4);
      const float tall = random.between(0.3F, 1);
      for (std::size_t i = 0; i < points; ++i)
        line.push_back({wide * (2 * static_cast<float>(i) / static_cast<float>(points - 1) - 1), i % 2 ? tall : -tall});
    }
  }
  for (PenPoint& point : line) point = {at.x + size * point.x, at.y + size * point.y};
  return line;
}

Lines drawing(Random& random) {
  Lines lines;
  const std::size_t shapes = 2 + random.below(5);
  for (std::size_t i = 0; i < shapes; ++i) lines.push_back(shape(random));
  if (!random.happens(0.5F)) return lines;
  lines.resize(std::min<std::size_t>(lines.size(), 3));
  for (std::size_t i = 0, before = lines.size(); i < before; ++i) {
    lines.push_back(lines[i]);
    for (PenPoint& point : lines.back()) point.x = -point.x;
  }
  return lines;
}

/// Two to six parallel bars, some of them crossed.
Lines bars(Random& random) {
  const float angle = random.between(0, full_turn), cosine = std::cos(angle), sine = std::sin(angle);
  const std::size_t count = 2 + random.below(5);
  Lines lines;
  for (std::size_t i = 0; i < count; ++i) {
    const float aside = static_cast<float>(i) / static_cast<float>(count - 1) - 0.5F, half = random.between(0.4F, 0.6F);
    lines.push_back({{-sine * aside - cosine * half, cosine * aside - sine * half},
                     {-sine * aside + cosine * half, cosine * aside + sine * half}});
    if (random.happens(0.4F))
      lines.push_back({{cosine * aside - sine * half, sine * aside + cosine * half},
                       {cosine * aside + sine * half, sine * aside - cosine * half}});
  }
  return lines;
}

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

Reach reach_of(const Dataset& set, std::size_t index) {
  constexpr std::uint8_t ink = 60;
  std::uint32_t top = set.rows, bottom = 0, left = set.columns, right = 0;
  for (std::uint32_t row = 0; row < set.rows; ++row)
    for (std::uint32_t column = 0; column < set.columns; ++column)
      if (set.image(index)[std::size_t{row} * set.columns + column] > ink) {
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
  const Reach a = reach_of(digits, one), b = reach_of(digits, other);
  const auto sixth = static_cast<float>(digits.columns) / 6;
  const long gap = std::lround(random.between(-sixth, sixth)), height = std::max(a.rows, b.rows) + 4;
  const long second = std::max(1L, static_cast<long>(a.columns) + gap);
  Field ink = field_of(static_cast<std::size_t>(height),
                       static_cast<std::size_t>(std::max<long>(a.columns, second + static_cast<long>(b.columns))));
  const auto put = [&](const Reach& reach, std::size_t index, std::size_t at) {
    const std::size_t down = random.below(static_cast<std::size_t>(height) - reach.rows + 1);
    for (std::uint32_t row = 0; row < reach.rows; ++row)
      for (std::uint32_t column = 0; column < reach.columns; ++column) {
        float& to = ink.at(down + row, at + column);
        to = std::max(to,
                      static_cast<float>(digits.image(
                          index)[std::size_t{reach.first_row + row} * digits.columns + reach.first_column + column]) /
                          255);
      }
  };
  put(a, one, 0);
  put(b, other, static_cast<std::size_t>(second));
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

Shown make(std::size_t index, const Dataset& digits, std::span<std::uint8_t> pixels, std::uint8_t& digit_class) {
  Random random(index);
  const auto draw = [&](const Lines& lines, float least, float most) {
    draw_as_digit(lines, random.between(least, most), digits.rows, digits.columns, pixels);
  };
  // In turn, so that any part of them has all kinds.
  switch (index % 20) {
    default:  // 7 of 20
      draw(letter(random), 1.5F, 3.4F);
      return Shown::drawing;
    case 7:
    case 8:
      draw(scribble(random), 1.6F, 3.6F);
      return Shown::drawing;
    case 9:
    case 10:
    case 11:
    case 12:
    case 13:
      draw(drawing(random), 1.4F, 3.2F);
      return Shown::drawing;
    case 14:
    case 15:
    case 16:
      pair(random, digits, pixels);
      return Shown::several;
    case 17:
      blot(random, digits, pixels);
      return Shown::blot;
    case 18:
      draw(bars(random), 1.2F, 3.2F);
      return Shown::blot;
    case 19: {
      const std::size_t digit = random.below(digits.size());
      std::ranges::copy(turned({digits.image(digit), pixels.size()}, digits.rows, random.happens(0.5F)),
                        pixels.begin());
      digit_class = digits.labels[digit];
      return Shown::turned;
    }
  }
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

NoDigits no_digits(const Dataset& digits, std::size_t count, unsigned threads) {
  NoDigits result{.images = {digits.rows, digits.columns, {"digit", "drawing", "several", "blot", "turned"}, {}, {}},
                  .classes = std::vector<std::uint8_t>(count)};
  Dataset& set = result.images;
  const std::size_t size = std::size_t{set.rows} * set.columns;
  set.pixels.resize(count * size);
  set.labels.resize(count);
  run_side_by_side(threads, [&](std::size_t part) {
    for (std::size_t i = part * count / threads; i < (part + 1) * count / threads; ++i)
      set.labels[i] =
          static_cast<std::uint8_t>(make(i, digits, std::span(set.pixels).subspan(i * size, size), result.classes[i]));
  });
  return result;
}

}  // namespace nib
