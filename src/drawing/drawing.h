#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace nib {

/// What a colour stands for; palette.h says which one it is on white paper. In SVG a role is also a class ("fill-ink",
/// "stroke-grid"), so that a page can give it another colour.
enum class Role : std::uint8_t { none, paper, ink, muted, grid, first, second, third, fourth, right, wrong };

/// How a stroke is broken.
enum class Dash : std::uint8_t { none, dashes, dots, dash_dot };

struct Style {
  Role fill = Role::none, stroke = Role::none;
  double stroke_width = 1;
  double opacity = 1;  ///< of fill and stroke
  Dash dash = Dash::none;
};

struct Point {
  double x = 0, y = 0;
};

struct Rectangle {
  double x = 0, y = 0, width = 0, height = 0;
  Style style{};
  double radius = 0;  ///< of the corners
};
struct Circle {
  Point centre{};
  double radius = 0;
  Style style{};
};
/// Straight lines from point to point; `closed` joins the last to the first.
struct Path {
  std::vector<Point> points;
  Style style{};
  bool closed = false;
};
enum class Anchor : std::uint8_t { start, middle, end };
/// One line of text on the baseline through `at`, which is its start, middle or end; turned about `at` by `degrees`,
/// clockwise.
struct Text {
  Point at{};
  std::string text{};
  double size = 12;  ///< of the font, as in "12 px"
  Role fill = Role::ink;
  Anchor anchor = Anchor::start;
  bool bold = false;
  double degrees = 0;
};
/// A grey image in ink on whatever is below it, each pixel a rectangle with sharp edges.
struct InkImage {
  double x = 0, y = 0, width = 0, height = 0;
  std::size_t rows = 0, columns = 0;
  std::vector<std::uint8_t> ink{};  ///< (row, column), 0 for none, 255 for full
};

/// One thing drawn. `id` names it within the picture (SVG: "PICTURE-ID"); `hint` is what a reader sees who points at
/// it.
struct Element {
  std::variant<Rectangle, Circle, Path, Text, InkImage> shape;
  std::string id{};
  std::string hint{};
};

/// A picture as plain data: a sheet of `width` x `height` units with x to the right and y down, and what is drawn on
/// it, from the bottom to the top. One unit is a pixel on an ordinary screen.
struct Drawing {
  std::string name{};   ///< of the picture: letters, digits and dashes; prefix of all ids
  std::string title{};  ///< for readers who cannot see it, with `description`
  std::string description{};
  double width = 0, height = 0;
  std::vector<Element> elements{};

  /// Adds an element; the result may be given an id or a hint.
  Element& add(Rectangle shape);
  Element& add(Circle shape);
  Element& add(Path shape);
  Element& add(Text shape);
  Element& add(InkImage shape);

  /// Moves all that is drawn; the sheet stays as large as it is.
  void move_by(double right, double down);
};

}  // namespace nib
