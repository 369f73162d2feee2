#include "support/not_digits.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/canvas.h"
#include "support/outline.h"
#include "support/sketches.h"
#include "support/surfaces.h"

namespace nib::styles {
namespace {

std::size_t length(PictureRandom& random, float low, float high) {
  return static_cast<std::size_t>(random.between(low, high));
}

GreyImage letter(PictureRandom& random) {
  static const std::vector<std::string> fonts = letter_fonts();
  static const std::string letters = "ACDEFGHJKLMNPQRTUVWXYacdefhijkmnprtuvwxy";
  if (fonts.empty()) throw std::runtime_error("no font with Latin letters is installed");
  const double size = static_cast<double>(random.between(110, 280));
  const std::string text(1, letters[random.word() % letters.size()]);
  const std::string& font = fonts[random.word() % fonts.size()];
  const cairo_font_slant_t slant = random.one_of(4) ? CAIRO_FONT_SLANT_ITALIC : CAIRO_FONT_SLANT_NORMAL;
  const cairo_font_weight_t weight = random.one_of(3) ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL;
  const auto side = static_cast<double>(random.between(1.2F, 1.8F)) * size;
  Canvas canvas(static_cast<std::size_t>(side), static_cast<std::size_t>(side));
  cairo_select_font_face(canvas.pen(), font.c_str(), slant, weight);
  cairo_set_font_size(canvas.pen(), size);
  cairo_text_extents_t box;
  cairo_text_extents(canvas.pen(), text.c_str(), &box);
  cairo_move_to(canvas.pen(), (side - box.width) / 2 - box.x_bearing, (side - box.height) / 2 - box.y_bearing);
  cairo_show_text(canvas.pen(), text.c_str());
  return photograph(canvas.ink(), random);
}

/// How much of a pixel the digit's outline covers.
float covered(const Outline& outline, float row, float column, float scale) {
  if (row < 0 || row > 28 || column < 0 || column > 28) return 0;
  return std::clamp(outline.inside(row, column) * scale / 2 + 0.5F, 0.0F, 1.0F);
}

struct Ends {
  float first, last;
};

/// The columns that a digit's ink takes.
Ends columns_of(const Dataset& digits, std::size_t index) {
  Ends ends{28, 0};
  for (std::size_t pixel = 0; pixel < 784; ++pixel)
    if (digits.image(index)[pixel] > 127) {
      ends.first = std::min(ends.first, static_cast<float>(pixel % 28));
      ends.last = std::max(ends.last, static_cast<float>(pixel % 28 + 1));
    }
  return ends;
}

GreyImage two_digits(PictureRandom& random, const Dataset& digits) {
  const std::size_t one = random.word() % digits.size(), other = random.word() % digits.size();
  const Outline left = Outline::of_strokes(digits, one), right = Outline::of_strokes(digits, other);
  const float scale = random.between(4, 9), lift = random.between(-2, 2), gap = random.between(-4, 12);
  const float top = random.between(2, 6), before = random.between(3, 8);
  const Ends ends = columns_of(digits, one), next = columns_of(digits, other);
  const float right_begin = before + (ends.last - ends.first) + gap;
  const float columns = right_begin + (next.last - next.first) + random.between(3, 8);
  Field ink = field_of(static_cast<std::size_t>((28 + 2 * top) * scale), static_cast<std::size_t>(columns * scale));
  for (std::size_t row = 0; row < ink.rows; ++row)
    for (std::size_t column = 0; column < ink.columns; ++column) {
      const float y = static_cast<float>(row) / scale - top, x = static_cast<float>(column) / scale;
      ink.at(row, column) = std::max(covered(left, y, x - before + ends.first, scale),
                                     covered(right, y - lift, x - right_begin + next.first, scale));
    }
  return photograph(ink, random);
}

GreyImage turned(PictureRandom& random, const Dataset& digits) {
  std::size_t index = random.word() % digits.size();
  const auto looks_alike = [&] { return digits.labels[index] < 2 || digits.labels[index] == 8; };
  while (looks_alike()) index = (index + 1) % digits.size();
  const Outline outline = Outline::of_strokes(digits, index);
  const bool to_the_left = random.one_of(2);
  const float scale = random.between(5, 12), around = random.between(0, 6);
  const std::size_t side = static_cast<std::size_t>((28 + 2 * around) * scale);
  Field ink = field_of(side, side);
  for (std::size_t row = 0; row < side; ++row)
    for (std::size_t column = 0; column < side; ++column) {
      const float y = static_cast<float>(row) / scale - around, x = static_cast<float>(column) / scale - around;
      ink.at(row, column) = to_the_left ? covered(outline, x, 28 - y, scale) : covered(outline, 28 - x, y, scale);
    }
  return photograph(ink, random);
}

}  // namespace

const char* name(NotDigit kind) {
  constexpr std::array names = {"blanks", "textures", "drawings", "two digits", "letters", "quarter turns"};
  return names[static_cast<std::size_t>(kind)];
}

bool has_letter_fonts() { return !letter_fonts().empty(); }

GreyImage not_a_digit(NotDigit kind, PictureSet set, std::size_t index, const Dataset& digits) {
  PictureRandom random(static_cast<std::uint32_t>(set), static_cast<std::uint32_t>(kind),
                       static_cast<std::uint32_t>(index));
  switch (kind) {
    case NotDigit::blank:
      return photograph(blank_surface(length(random, 120, 420), length(random, 120, 420), random), random);
    case NotDigit::texture:
      return photograph(texture(length(random, 120, 420), length(random, 120, 420), random), random);
    case NotDigit::drawing:
      return photograph(sketched(length(random, 120, 420), random), random);
    case NotDigit::two_digits:
      return two_digits(random, digits);
    case NotDigit::letter:
      return letter(random);
    case NotDigit::turned:
      return turned(random, digits);
  }
  throw std::invalid_argument("no such kind");
}

}  // namespace nib::styles
