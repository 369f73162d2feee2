#include "drawing/png.h"

#include <cmath>
#include <memory>
#include <new>
#include <numbers>
#include <stdexcept>
#include <string>

#include "base/text.h"
#include "drawing/cairo.h"
#include "drawing/font_error.h"
#include "drawing/palette.h"
#include "drawing/png_file.h"

namespace nib {
namespace {

struct Destroy {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_t* context) const { cairo_destroy(context); }
};
using Surface = std::unique_ptr<cairo_surface_t, Destroy>;
using Context = std::unique_ptr<cairo_t, Destroy>;

void check(cairo_status_t status) {
  if (status == CAIRO_STATUS_NO_MEMORY) throw std::bad_alloc();
  if (status != CAIRO_STATUS_SUCCESS) throw std::runtime_error(std::string("Cairo: ") + cairo_status_to_string(status));
}

/// The libraries that find and read fonts crash or never end where memory fails while they start: looks whether there
/// is enough before that.
void prepare_fonts() {
  constexpr std::size_t for_their_start = 16 << 20;  // bytes; with all pictures of a run they take 14 MB
  static bool ready = false;
  if (!ready) ::operator delete(::operator new(for_their_start));
  ready = true;
}

void set_colour(cairo_t* cairo, Role role, double opacity) {
  const Colour colour = colour_of(role);
  cairo_set_source_rgba(cairo, colour.red / 255.0, colour.green / 255.0, colour.blue / 255.0, opacity);
}

/// Fills and strokes the current path.
void finish_path(cairo_t* cairo, const Style& style) {
  if (style.fill != Role::none) {
    set_colour(cairo, style.fill, style.opacity);
    cairo_fill_preserve(cairo);
  }
  if (style.stroke != Role::none) {
    const std::span<const double> dashes = lengths_of(style.dash);
    cairo_set_dash(cairo, dashes.data(), static_cast<int>(dashes.size()), 0);
    cairo_set_line_width(cairo, style.stroke_width);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    set_colour(cairo, style.stroke, style.opacity);
    cairo_stroke_preserve(cairo);
  }
  cairo_new_path(cairo);
}

void draw(cairo_t* cairo, const Rectangle& shape) {
  constexpr double quarter = std::numbers::pi / 2;
  if (shape.radius > 0) {
    const double r = shape.radius, left = shape.x + r, right = shape.x + shape.width - r;
    const double top = shape.y + r, bottom = shape.y + shape.height - r;
    cairo_arc(cairo, right, top, r, -quarter, 0);
    cairo_arc(cairo, right, bottom, r, 0, quarter);
    cairo_arc(cairo, left, bottom, r, quarter, 2 * quarter);
    cairo_arc(cairo, left, top, r, 2 * quarter, 3 * quarter);
    cairo_close_path(cairo);
  } else {
    cairo_rectangle(cairo, shape.x, shape.y, shape.width, shape.height);
  }
  finish_path(cairo, shape.style);
}

void draw(cairo_t* cairo, const Circle& shape) {
  cairo_arc(cairo, shape.centre.x, shape.centre.y, shape.radius, 0, 2 * std::numbers::pi);
  finish_path(cairo, shape.style);
}

void draw(cairo_t* cairo, const Path& shape) {
  for (const Point& point : shape.points) cairo_line_to(cairo, point.x, point.y);
  if (shape.closed) cairo_close_path(cairo);
  finish_path(cairo, shape.style);
}

void draw(cairo_t* cairo, const Text& shape) {
  const std::string text = printable(shape.text);
  prepare_fonts();
  check(cairo_status(cairo));  // what fails from here on is the font
  cairo_save(cairo);
  cairo_select_font_face(cairo, typeface, CAIRO_FONT_SLANT_NORMAL,
                         shape.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(cairo, shape.size);
  set_colour(cairo, shape.fill, 1);
  cairo_translate(cairo, shape.at.x, shape.at.y);
  cairo_rotate(cairo, shape.degrees * std::numbers::pi / 180);
  cairo_text_extents_t extents{};
  cairo_text_extents(cairo, text.c_str(), &extents);
  const double part = shape.anchor == Anchor::start ? 0 : shape.anchor == Anchor::middle ? 0.5 : 1;
  cairo_move_to(cairo, -part * extents.x_advance, 0);
  cairo_show_text(cairo, text.c_str());
  if (cairo_status(cairo) != CAIRO_STATUS_SUCCESS) throw font_error(shape.bold);
  cairo_new_path(cairo);  // the text's end would be the first point of what is drawn next
  cairo_restore(cairo);
}

void draw(cairo_t* cairo, const InkImage& shape) {
  const Surface mask(
      cairo_image_surface_create(CAIRO_FORMAT_A8, static_cast<int>(shape.columns), static_cast<int>(shape.rows)));
  check(cairo_surface_status(mask.get()));
  unsigned char* pixels = cairo_image_surface_get_data(mask.get());
  const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(mask.get()));
  for (std::size_t row = 0; row < shape.rows; ++row)
    for (std::size_t column = 0; column < shape.columns; ++column)
      pixels[row * stride + column] = shape.ink[row * shape.columns + column];
  cairo_surface_mark_dirty(mask.get());
  cairo_save(cairo);
  cairo_rectangle(cairo, shape.x, shape.y, shape.width, shape.height);
  cairo_clip(cairo);
  cairo_translate(cairo, shape.x, shape.y);
  cairo_scale(cairo, shape.width / static_cast<double>(shape.columns), shape.height / static_cast<double>(shape.rows));
  const std::unique_ptr<cairo_pattern_t, void (*)(cairo_pattern_t*)> pattern(
      cairo_pattern_create_for_surface(mask.get()), cairo_pattern_destroy);
  cairo_pattern_set_filter(pattern.get(), CAIRO_FILTER_NEAREST);
  cairo_set_source_rgb(cairo, 0, 0, 0);
  cairo_mask(cairo, pattern.get());
  cairo_restore(cairo);
}

/// Cairo's 32-bit pixels, without their unused byte.
std::vector<std::uint8_t> rgb_pixels(cairo_surface_t* surface, std::size_t rows, std::size_t columns) {
  cairo_surface_flush(surface);
  const unsigned char* data = cairo_image_surface_get_data(surface);
  const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface));
  std::vector<std::uint8_t> pixels(rows * columns * 3);
  std::uint8_t* next = pixels.data();
  for (std::size_t row = 0; row < rows; ++row) {
    const auto* line = reinterpret_cast<const std::uint32_t*>(data + row * stride);
    for (std::size_t column = 0; column < columns; ++column) {
      const std::uint32_t pixel = line[column];
      *next++ = static_cast<std::uint8_t>(pixel >> 16);
      *next++ = static_cast<std::uint8_t>(pixel >> 8);
      *next++ = static_cast<std::uint8_t>(pixel);
    }
  }
  return pixels;
}

}  // namespace

std::vector<std::uint8_t> to_png(const Drawing& drawing, double scale) {
  const auto columns = static_cast<int>(std::lround(drawing.width * scale));
  const auto rows = static_cast<int>(std::lround(drawing.height * scale));
  const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, columns, rows));
  const Context context(cairo_create(surface.get()));
  cairo_t* cairo = context.get();
  check(cairo_status(cairo));
  set_colour(cairo, Role::paper, 1);
  cairo_paint(cairo);
  cairo_scale(cairo, scale, scale);
  for (const Element& element : drawing.elements)
    std::visit([cairo](const auto& shape) { draw(cairo, shape); }, element.shape);
  check(cairo_status(cairo));
  return encode_png(rgb_pixels(surface.get(), static_cast<std::size_t>(rows), static_cast<std::size_t>(columns)),
                    static_cast<std::size_t>(rows), static_cast<std::size_t>(columns), PixelFormat::rgb);
}

}  // namespace nib
