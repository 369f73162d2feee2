#include "support/canvas.h"

#include <fontconfig/fontconfig.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace nib::styles {

Canvas::Canvas(std::size_t rows, std::size_t columns)
    : rows_(rows),
      columns_(columns),
      surface_(cairo_image_surface_create(CAIRO_FORMAT_A8, static_cast<int>(columns), static_cast<int>(rows))),
      pen_(cairo_create(surface_)) {
  cairo_set_line_cap(pen_, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(pen_, CAIRO_LINE_JOIN_ROUND);
}

Canvas::~Canvas() {
  cairo_destroy(pen_);
  cairo_surface_destroy(surface_);
}

void Canvas::line(const std::vector<double>& points, double shake, PictureRandom& random, bool closed) {
  const auto astray = [&] { return shake * static_cast<double>(random.between(-1, 1)); };
  cairo_new_path(pen_);
  for (std::size_t i = 0; i + 1 < points.size(); i += 2) {
    const double x = points[i] + astray(), y = points[i + 1] + astray();
    if (i == 0)
      cairo_move_to(pen_, x, y);
    else
      cairo_line_to(pen_, x, y);
  }
  if (closed) cairo_close_path(pen_);
  cairo_stroke(pen_);
}

void Canvas::circle(double x, double y, double radius) {
  constexpr double full_turn = 6.283185307179586;
  cairo_new_path(pen_);
  cairo_arc(pen_, x, y, radius, 0, full_turn);
  cairo_stroke(pen_);
}

Field Canvas::ink() const {
  cairo_surface_flush(surface_);
  const unsigned char* const data = cairo_image_surface_get_data(surface_);
  const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface_));
  Field field = field_of(rows_, columns_);
  for (std::size_t row = 0; row < rows_; ++row)
    for (std::size_t column = 0; column < columns_; ++column)
      field.at(row, column) = static_cast<float>(data[row * stride + column]) / 255;
  return field;
}

std::vector<std::string> letter_fonts() {
  std::set<std::string> families;
  FcPattern* const any = FcPatternCreate();
  FcObjectSet* const wanted = FcObjectSetBuild(FC_FAMILY, FC_CHARSET, FC_SYMBOL, nullptr);
  FcFontSet* const fonts = FcFontList(nullptr, any, wanted);
  for (int i = 0; fonts != nullptr && i < fonts->nfont; ++i) {
    FcChar8* family = nullptr;
    FcCharSet* letters = nullptr;
    FcBool symbol = FcFalse;
    if (FcPatternGetBool(fonts->fonts[i], FC_SYMBOL, 0, &symbol) == FcResultMatch && symbol) continue;
    if (FcPatternGetString(fonts->fonts[i], FC_FAMILY, 0, &family) != FcResultMatch) continue;
    if (FcPatternGetCharSet(fonts->fonts[i], FC_CHARSET, 0, &letters) != FcResultMatch) continue;
    if (FcCharSetHasChar(letters, 'A') && FcCharSetHasChar(letters, 'z'))
      families.emplace(reinterpret_cast<const char*>(family));
  }
  if (fonts != nullptr) FcFontSetDestroy(fonts);
  FcObjectSetDestroy(wanted);
  FcPatternDestroy(any);
  return {families.begin(), families.end()};
}

GreyImage photograph(const Field& ink, PictureRandom& random) {
  const bool chalk = random.one_of(4);
  const float paper = chalk ? random.between(25, 75) : random.between(190, 240);
  const float pen = chalk ? random.between(190, 235) : random.between(30, 80);
  const float angle = random.between(0, 6.2832F), loss = random.between(0, 0.12F), mottle = random.between(0, 3),
              phase = random.between(0, 6.2832F), noise = random.between(3, 6);
  const Field soft = box_mean(ink, 1);
  GreyImage image{ink.rows, ink.columns, {}};
  image.light.reserve(ink.values.size());
  for (std::size_t row = 0; row < ink.rows; ++row)
    for (std::size_t column = 0; column < ink.columns; ++column) {
      const float down = static_cast<float>(row) / static_cast<float>(ink.rows) - 0.5F,
                  across = static_cast<float>(column) / static_cast<float>(ink.columns) - 0.5F;
      const float light = 1 - loss * (0.5F + 0.7071F * (across * std::cos(angle) + down * std::sin(angle)));
      const float surface = paper + soft.at(row, column) * (pen - paper) +
                            mottle * std::sin(0.043F * static_cast<float>(row) + phase) *
                                std::sin(0.031F * static_cast<float>(column) - phase);
      const float seen = surface * light + noise * random.deviation();
      image.light.push_back(static_cast<std::uint8_t>(std::clamp(std::round(seen), 0.0F, 255.0F)));
    }
  return image;
}

}  // namespace nib::styles
