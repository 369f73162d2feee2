#include "support/digit_pages.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "images/preparation/field.h"
#include "support/outline.h"
#include "support/random_numbers.h"

namespace nib::pages {
namespace {

class Random : public test::RandomNumbers {
 public:
  Random(std::uint64_t seed, Layout layout, std::size_t page)
      : RandomNumbers(seed, {static_cast<std::uint32_t>(page), static_cast<std::uint32_t>(layout), 0x70616765}) {}
};

/// How a page's lines are written.
struct Hand {
  float frame = 0;  ///< pixels that the data set's 28 become
  float shear = 0, slope = 0, softness = 0;
  float least_gap = 0, most_gap = 0;  ///< of a digit's height
  float touching = 0;                 ///< chance
};

/// A digit drawn alone: how much of each pixel is ink.
struct Patch {
  Field ink{};
  std::size_t image = 0;
  std::size_t row = 0, column = 0;  ///< on the page
  bool touches = false;
  bool is_mark = false;  ///< no digit
};

constexpr float digit_part = 20.0F / 28;  ///< a digit's height in its frame

Patch drawn(const Dataset& dataset, std::size_t image, float frame, const Hand& hand) {
  const styles::Outline outline = styles::Outline::of_strokes(dataset, image);
  const float scale = frame / 28, lean = std::abs(hand.shear) * frame / 2;
  Patch patch{.ink = field_of(static_cast<std::size_t>(frame) + 2, static_cast<std::size_t>(frame + 2 * lean) + 2),
              .image = image};
  for (std::size_t i = 0; i < patch.ink.rows; ++i)
    for (std::size_t j = 0; j < patch.ink.columns; ++j) {
      const float row = static_cast<float>(i) + 0.5F;
      const float column = static_cast<float>(j) + 0.5F - lean + hand.shear * (row - frame / 2);
      const float y = row / scale, x = column / scale;
      if (y < 0 || y > 28 || x < 0 || x > 28) continue;
      patch.ink.at(i, j) = std::clamp(outline.inside(y, x) * scale / hand.softness + 0.5F, 0.0F, 1.0F);
    }
  return patch;
}

/// A dash or a dot, in a frame as a digit's.
Patch drawn_mark(const Hand& hand, Random& random) {
  const float height = digit_part * hand.frame;
  const bool dot = random.word() % 3 == 0;
  const float rows = height * (dot ? random.between(0.12F, 0.2F) : random.between(0.07F, 0.14F)),
              columns = dot ? rows : height * random.between(0.2F, 0.45F);
  const float middle = hand.frame / 2 + height * (dot ? random.between(0.35F, 0.45F) : random.between(-0.12F, 0.12F));
  Patch patch{.ink = field_of(static_cast<std::size_t>(hand.frame) + 2, static_cast<std::size_t>(columns) + 6),
              .is_mark = true};
  const float center = static_cast<float>(patch.ink.columns) / 2;
  for (std::size_t i = 0; i < patch.ink.rows; ++i)
    for (std::size_t j = 0; j < patch.ink.columns; ++j) {
      const float down = std::abs(static_cast<float>(i) + 0.5F - middle) - rows / 2,
                  across = std::abs(static_cast<float>(j) + 0.5F - center) - columns / 2;
      patch.ink.at(i, j) = std::clamp(0.5F - std::max(down, across) / hand.softness, 0.0F, 1.0F);
    }
  return patch;
}

constexpr float some_ink = 0.5F;

/// Of its ink, where it stands on the page.
Box box_of(const Patch& patch) {
  std::size_t top = patch.ink.rows, bottom = 0, left = patch.ink.columns, right = 0;
  for (std::size_t row = 0; row < patch.ink.rows; ++row)
    for (std::size_t column = 0; column < patch.ink.columns; ++column) {
      if (patch.ink.at(row, column) < some_ink) continue;
      top = std::min(top, row);
      bottom = std::max(bottom, row + 1);
      left = std::min(left, column);
      right = std::max(right, column + 1);
    }
  return {patch.row + top, patch.column + left, bottom - top, right - left};
}

/// The first and the last column of ink in a row of the page, of what is there.
struct Extent {
  int first = 0, last = 0;
};
std::optional<Extent> extent(const Patch& patch, std::size_t row) {
  if (row < patch.row || row >= patch.row + patch.ink.rows) return std::nullopt;
  std::optional<Extent> found;
  for (std::size_t column = 0; column < patch.ink.columns; ++column) {
    if (patch.ink.at(row - patch.row, column) < some_ink) continue;
    const auto place = static_cast<int>(patch.column + column);
    if (!found) found = Extent{place, place};
    found->last = place;
  }
  return found;
}

/// Columns of paper between two digits where they come nearest, also over three rows up or down; beside a mark, which
/// has ink in few rows, over all.
int nearest(const Patch& left, const Patch& right) {
  int least = static_cast<int>(right.ink.columns + left.ink.columns);
  const std::size_t reach = left.is_mark || right.is_mark ? left.ink.rows : std::size_t{3};
  for (std::size_t row = left.row; row < left.row + left.ink.rows; ++row) {
    const std::optional<Extent> end = extent(left, row);
    if (!end) continue;
    for (std::size_t other = row - std::min(row, reach); other <= row + reach; ++other)
      if (const std::optional<Extent> begin = extent(right, other))
        least = std::min(least, begin->first - end->last - 1);
  }
  return least;
}

/// Puts a digit at the end of a line whose middle is at `middle` in its first column.
void append(std::vector<Patch>& line, Patch patch, float middle, std::size_t start, const Hand& hand, Random& random) {
  const float height = digit_part * hand.frame;
  patch.column = line.empty() ? start : line.back().column + line.back().ink.columns;
  const float along = static_cast<float>(patch.column - start);
  patch.row =
      static_cast<std::size_t>(std::max(4.0F, middle + along * hand.slope + hand.frame * random.between(-0.03F, 0.03F) -
                                                  static_cast<float>(patch.ink.rows) / 2));
  float gap = height * random.between(hand.least_gap, hand.most_gap);
  if (!line.empty()) {
    patch.touches = random.between(0, 1) < hand.touching;
    if (patch.touches) gap = -std::max(1.0F, height * random.between(0.02F, 0.05F));
    const int shift = static_cast<int>(std::lround(gap)) - nearest(line.back(), patch);
    patch.column = static_cast<std::size_t>(static_cast<int>(patch.column) + shift);
  }
  line.push_back(std::move(patch));
}

Hand hand_of(Layout layout, std::size_t index, Random& random) {
  Hand hand{.frame = random.between(50, 130),
            .shear = random.between(-0.15F, 0.15F),
            .slope = random.between(-0.044F, 0.044F),
            .softness = random.between(1.5F, 2.5F)};
  constexpr std::array<std::array<float, 3>, 6> spacings = {{{0.35F, 0.8F, 0},
                                                             {0.1F, 0.35F, 0},
                                                             {0.1F, 0.35F, 0},
                                                             {0.03F, 0.12F, 0},
                                                             {0.03F, 0.12F, 0},
                                                             {0.03F, 0.12F, 0.2F}}};
  const std::array<float, 3> spacing = layout == Layout::line    ? spacings[index % spacings.size()]
                                       : layout == Layout::grid  ? std::array{0.15F, 0.5F, 0.0F}
                                       : layout == Layout::cells ? std::array{0.5F, 0.6F, 0.0F}
                                                                 : std::array{0.06F, 0.35F, 0.0F};
  hand.least_gap = spacing[0];
  hand.most_gap = spacing[1];
  hand.touching = spacing[2];
  return hand;
}

void put(Field& page, std::size_t row, std::size_t column, float value) {
  if (row < page.rows && column < page.columns) page.at(row, column) = std::max(page.at(row, column), value);
}

/// A rectangle's four sides, `width` pixels wide, that slope as the line does.
void draw_box(Field& page, float top, float left, float bottom, float right, float width, float slope) {
  constexpr float strength = 0.8F;
  const auto begin = static_cast<std::size_t>(left), end = static_cast<std::size_t>(right + width);
  for (std::size_t column = begin; column < end; ++column) {
    const float drift = slope * (static_cast<float>(column) - left);
    for (int w = 0; w < static_cast<int>(width); ++w)
      for (const float side : {top, bottom})
        put(page, static_cast<std::size_t>(side + drift) + static_cast<std::size_t>(w), column, strength);
    const bool wall =
        column < begin + static_cast<std::size_t>(width) || column + static_cast<std::size_t>(width) >= end;
    if (wall)
      for (float row = top; row < bottom; row += 1) put(page, static_cast<std::size_t>(row + drift), column, strength);
  }
}

/// A box about each digit: of one size, with shared walls or with a space between.
void draw_cells(Field& page, std::vector<Patch>& line, float middle, std::size_t start, const Hand& hand,
                Random& random) {
  const float side = hand.frame * random.between(1.05F, 1.2F),
              width = std::max(2.0F, hand.frame * random.between(0.02F, 0.04F));
  const float space = random.word() % 2 ? side * random.between(0.12F, 0.3F) : 0;
  float left = static_cast<float>(start);
  for (Patch& patch : line) {
    const float drift = hand.slope * (left - static_cast<float>(start));
    const Box box = box_of(patch);
    const float wanted = left + side / 2 - static_cast<float>(box.columns) / 2 + side * random.between(-0.06F, 0.06F);
    patch.column = static_cast<std::size_t>(wanted - static_cast<float>(box.column - patch.column));
    patch.row =
        static_cast<std::size_t>(middle + drift + hand.slope * side / 2 - static_cast<float>(box.rows) / 2 -
                                 static_cast<float>(box.row - patch.row) + side * random.between(-0.04F, 0.04F));
    draw_box(page, middle + drift - side / 2, left, middle + drift + side / 2, left + side, width, hand.slope);
    left += side + space;
  }
}

GreyImage painted(const Field& ink, std::size_t index, Random& random) {
  const bool chalk = index % 4 == 3;
  const float paper = chalk ? random.between(25, 75) : random.between(190, 240);
  const float pen = chalk ? random.between(190, 235) : random.between(30, 80);
  const float angle = random.between(0, 2 * std::numbers::pi_v<float>), loss = random.between(0, 0.12F);
  const float mottle = random.between(0, 3), noise = random.between(3, 6);
  GreyImage image{ink.rows, ink.columns, {}};
  for (std::size_t i = 0; i < ink.rows; ++i)
    for (std::size_t j = 0; j < ink.columns; ++j) {
      const float down = static_cast<float>(i) / static_cast<float>(ink.rows) - 0.5F,
                  across = static_cast<float>(j) / static_cast<float>(ink.columns) - 0.5F;
      const float light =
          1 - loss * (0.5F + (down * std::sin(angle) + across * std::cos(angle)) / std::numbers::sqrt2_v<float>);
      const float wave = mottle * std::sin(0.043F * static_cast<float>(i)) * std::sin(0.031F * static_cast<float>(j));
      const float seen = (paper + ink.at(i, j) * (pen - paper) + wave) * light + noise * random.deviation();
      image.light.push_back(static_cast<std::uint8_t>(std::clamp(std::round(seen), 0.0F, 255.0F)));
    }
  return image;
}

GreyImage painted_alone(const Patch& patch, std::size_t index, Random& random) {
  const std::size_t margin = patch.ink.rows / 4;
  Field page = field_of(patch.ink.rows + 2 * margin, patch.ink.columns + 2 * margin);
  for (std::size_t row = 0; row < patch.ink.rows; ++row)
    std::ranges::copy(patch.ink.row(row), page.row(row + margin).begin() + static_cast<std::ptrdiff_t>(margin));
  return painted(page, index, random);
}

}  // namespace

const char* name(Layout layout) {
  constexpr std::array names = {"a line", "a grid", "cells", "marks"};
  return names[static_cast<std::size_t>(layout)];
}

WrittenPage written(const Dataset& dataset, std::size_t first, std::size_t last, Layout layout, std::size_t index,
                    std::uint64_t seed, float touching, bool alone) {
  Random random(seed, layout, index);
  Hand hand = hand_of(layout, index, random);
  if (touching >= 0) hand.touching = touching;
  const bool grid = layout == Layout::grid;
  const std::size_t count = grid ? random.whole_between(2, 5) : 1;
  const auto margin = static_cast<std::size_t>(hand.frame * random.between(0.3F, 1));
  const float spacing = hand.frame * random.between(1.0F, 1.25F);
  std::vector<std::vector<Patch>> lines(count);
  std::vector<float> middles;
  const float highest = static_cast<float>(margin) + hand.frame / 2 + std::max(0.0F, -hand.slope * 12 * hand.frame);
  for (std::vector<Patch>& line : lines) {
    middles.push_back(highest + spacing * static_cast<float>(middles.size()));
    const std::size_t digits = grid ? random.whole_between(3, 8) : random.whole_between(4, 10);
    for (std::size_t i = 0; i < digits; ++i) {
      if (layout == Layout::marks && i > 0 && random.word() % 3 == 0)
        append(line, drawn_mark(hand, random), middles.back(), margin, hand, random);
      append(line,
             drawn(dataset, random.whole_between(first, last - 1), hand.frame * random.between(0.94F, 1.06F), hand),
             middles.back(), margin, hand, random);
    }
  }
  Field page = field_of(
      static_cast<std::size_t>(middles.back() + hand.frame / 2 + std::max(0.0F, hand.slope * 12 * hand.frame)) + margin,
      static_cast<std::size_t>(18 * hand.frame));
  if (layout == Layout::cells) draw_cells(page, lines[0], middles[0], margin, hand, random);
  WrittenPage result;
  std::size_t right = 0;
  for (const std::vector<Patch>& line : lines) {
    std::vector<WrittenDigit>& written = result.lines.emplace_back();
    for (const Patch& patch : line) {
      for (std::size_t row = 0; row < patch.ink.rows; ++row)
        for (std::size_t column = 0; column < patch.ink.columns; ++column)
          put(page, patch.row + row, patch.column + column, patch.ink.at(row, column));
      right = std::max(right, patch.column + patch.ink.columns);
      if (patch.is_mark) continue;
      written.push_back({.image = patch.image, .box = box_of(patch), .touches = patch.touches});
    }
  }
  const std::size_t columns = std::min(page.columns, right + margin);
  Field cropped = field_of(page.rows, columns);
  for (std::size_t row = 0; row < page.rows; ++row)
    std::copy_n(page.row(row).begin(), columns, cropped.row(row).begin());
  result.picture = painted(cropped, index, random);
  if (!alone) return result;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::erase_if(lines[i], [](const Patch& patch) { return patch.is_mark; });
    for (std::size_t k = 0; k < lines[i].size(); ++k)
      result.lines[i][k].alone = painted_alone(lines[i][k], index, random);
  }
  return result;
}

}  // namespace nib::pages
