#include "drawing/svg.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <string_view>

#include "base/markup.h"
#include "drawing/palette.h"
#include "drawing/png_file.h"
#include "encodings/base64.h"

namespace nib {
namespace {

/// Two decimals at most: finer than any eye.
std::string number(double value) {
  const double rounded = std::round(value * 100) / 100;
  return fmt::format("{:g}", rounded == 0 ? 0.0 : rounded);
}

std::string colour(Role role) {
  if (role == Role::none) return "none";
  const Colour of_role = colour_of(role);
  return fmt::format("#{:02x}{:02x}{:02x}", of_role.red, of_role.green, of_role.blue);
}

std::string class_attribute(const Style& style) {
  std::string names;
  if (style.fill != Role::none) names += std::string("fill-") + name_of(style.fill);
  if (style.stroke != Role::none) names += std::string(names.empty() ? "" : " ") + "stroke-" + name_of(style.stroke);
  return names.empty() ? "" : fmt::format(" class=\"{}\"", names);
}

std::string attributes(const Style& style) {
  std::string text = class_attribute(style) + fmt::format(" fill=\"{}\"", colour(style.fill));
  if (style.stroke != Role::none) {
    text += fmt::format(" stroke=\"{}\"", colour(style.stroke));
    if (style.stroke_width != 1) text += fmt::format(" stroke-width=\"{}\"", number(style.stroke_width));
    if (const auto lengths = lengths_of(style.dash); !lengths.empty())
      text += fmt::format(" stroke-dasharray=\"{}\"", fmt::join(lengths, " "));
  }
  if (style.opacity != 1) text += fmt::format(" opacity=\"{:.3g}\"", style.opacity);
  return text;
}

/// The name of an element, its attributes, and what stands in it.
struct Tag {
  std::string name, attributes, content;
};

Tag tag_of(const Rectangle& shape) {
  std::string place = fmt::format(" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"", number(shape.x), number(shape.y),
                                  number(shape.width), number(shape.height));
  if (shape.radius > 0) place += fmt::format(" rx=\"{}\"", number(shape.radius));
  return {"rect", place + attributes(shape.style), ""};
}

Tag tag_of(const Circle& shape) {
  return {"circle",
          fmt::format(" cx=\"{}\" cy=\"{}\" r=\"{}\"", number(shape.centre.x), number(shape.centre.y),
                      number(shape.radius)) +
              attributes(shape.style),
          ""};
}

Tag tag_of(const Path& shape) {
  std::string points;
  for (const Point& point : shape.points)
    points += fmt::format("{}{},{}", points.empty() ? "" : " ", number(point.x), number(point.y));
  return {shape.closed ? "polygon" : "polyline",
          fmt::format(" points=\"{}\"{} stroke-linejoin=\"round\"", points, attributes(shape.style)), ""};
}

Tag tag_of(const Text& shape) {
  std::string text =
      fmt::format(" x=\"{}\" y=\"{}\" font-size=\"{}\" class=\"fill-{}\" fill=\"{}\"", number(shape.at.x),
                  number(shape.at.y), number(shape.size), name_of(shape.fill), colour(shape.fill));
  if (shape.anchor != Anchor::start)
    text += fmt::format(" text-anchor=\"{}\"", shape.anchor == Anchor::middle ? "middle" : "end");
  if (shape.bold) text += " font-weight=\"bold\"";
  if (shape.degrees != 0)
    text +=
        fmt::format(" transform=\"rotate({} {} {})\"", number(shape.degrees), number(shape.at.x), number(shape.at.y));
  return {"text", text, markup_text(shape.text)};
}

Tag tag_of(const InkImage& shape) {
  std::vector<std::uint8_t> pixels;
  for (const std::uint8_t ink : shape.ink) pixels.insert(pixels.end(), {0, ink});  // black, as opaque as there is ink
  const std::string data = to_base64(encode_png(pixels, shape.rows, shape.columns, PixelFormat::grey_alpha));
  return {"image",
          fmt::format(" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" class=\"ink-image\" preserveAspectRatio=\"none\" "
                      "image-rendering=\"pixelated\" href=\"data:image/png;base64,{}\"",
                      number(shape.x), number(shape.y), number(shape.width), number(shape.height), data),
          ""};
}

std::string text_of(const Element& element, const std::string& picture) {
  Tag tag = std::visit([](const auto& shape) { return tag_of(shape); }, element.shape);
  const std::string id = element.id.empty() ? "" : fmt::format(" id=\"{}-{}\"", picture, markup_text(element.id));
  if (!element.hint.empty()) tag.content += fmt::format("<title>{}</title>", markup_text(element.hint));
  if (tag.content.empty()) return fmt::format("<{}{}{}/>\n", tag.name, id, tag.attributes);
  return fmt::format("<{0}{1}{2}>{3}</{0}>\n", tag.name, id, tag.attributes, tag.content);
}

}  // namespace

std::string to_svg(const Drawing& drawing) {
  const std::string width = number(drawing.width), height = number(drawing.height);
  std::string text = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"{}\" class=\"picture\" role=\"img\" aria-label=\"{}: {}\" "
      "viewBox=\"0 0 {} {}\" width=\"{}\" height=\"{}\" font-family=\"'{}', Arial, Helvetica, sans-serif\">\n",
      drawing.name, markup_text(drawing.title), markup_text(drawing.description), width, height, width, height,
      typeface);
  text += text_of({Rectangle{.width = drawing.width, .height = drawing.height, .style = {.fill = Role::paper}}, "", ""},
                  drawing.name);
  for (const Element& element : drawing.elements) text += text_of(element, drawing.name);
  return text + "</svg>\n";
}

}  // namespace nib
