#include "drawing/svg.h"

#include <gmock/gmock.h>

#include <regex>

namespace nib {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Drawing sheet() { return {.name = "test", .title = "A test", .description = "nothing", .width = 30, .height = 20}; }

/// The SVG of one element.
template <typename Shape>
std::string svg_of(Shape shape) {
  Drawing drawing = sheet();
  drawing.add(std::move(shape));
  return to_svg(drawing);
}

TEST(Svg, NamesAndDescribesThePicture) {
  const std::string svg = to_svg(sheet());
  EXPECT_THAT(svg, AllOf(testing::StartsWith("<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"test\""),
                         HasSubstr("aria-label=\"A test: nothing\""), HasSubstr("viewBox=\"0 0 30 20\""),
                         testing::EndsWith("</svg>\n")));
}

TEST(Svg, KeepsTextAsText) {
  EXPECT_THAT(
      svg_of(Text{.at = {1, 2}, .text = "T-shirt & <b>", .size = 13, .anchor = Anchor::end, .bold = true}),
      HasSubstr("<text x=\"1\" y=\"2\" font-size=\"13\" class=\"fill-ink\" fill=\"#1a1d23\" text-anchor=\"end\" "
                "font-weight=\"bold\">T-shirt &amp; &lt;b&gt;</text>"));
}

TEST(Svg, NamesTheRolesOfColoursAsClasses) {
  const Style style{
      .fill = Role::first, .stroke = Role::paper, .stroke_width = 1.5, .opacity = 0.25, .dash = Dash::dashes};
  EXPECT_THAT(svg_of(Circle{.centre = {1, 2}, .radius = 3, .style = style}),
              HasSubstr("<circle cx=\"1\" cy=\"2\" r=\"3\" class=\"fill-first stroke-paper\" fill=\"#1b5faa\" "
                        "stroke=\"#ffffff\" stroke-width=\"1.5\" stroke-dasharray=\"6 4\" opacity=\"0.25\"/>"));
}

TEST(Svg, WritesPathsAsPolylinesAndPolygons) {
  const Path path{.points = {{0, 1}, {2.125, 3}}, .style = {.stroke = Role::ink}};
  EXPECT_THAT(svg_of(path), HasSubstr("<polyline points=\"0,1 2.13,3\" class=\"stroke-ink\" fill=\"none\""));
  Path closed = path;
  closed.closed = true;
  EXPECT_THAT(svg_of(closed), HasSubstr("<polygon "));
}

TEST(Svg, PrefixesIdsWithThePicturesName) {
  Drawing drawing = sheet();
  Element& element = drawing.add(Rectangle{.width = 1, .height = 1, .style = {.fill = Role::ink}});
  element.id = "cell";
  element.hint = "5 > 3";
  EXPECT_THAT(to_svg(drawing), AllOf(HasSubstr("<rect id=\"test-cell\""), HasSubstr("<title>5 &gt; 3</title></rect>")));
}

TEST(Svg, HoldsInkImagesInItself) {
  const std::string svg = svg_of(InkImage{.width = 2, .height = 2, .rows = 1, .columns = 2, .ink = {0, 255}});
  EXPECT_THAT(svg, AllOf(HasSubstr("class=\"ink-image\""), HasSubstr("href=\"data:image/png;base64,iVBORw0KGgo")));
}

TEST(Svg, RefersToNothingOutsideItself) {
  Drawing drawing = sheet();
  drawing.add(Text{.at = {1, 1}, .text = "http://example.org/"});
  const std::string svg = to_svg(drawing);
  EXPECT_FALSE(std::regex_search(svg, std::regex("(href|src)=\"(?!data:)"))) << svg;
  EXPECT_THAT(svg, Not(HasSubstr("url(")));
}

}  // namespace
}  // namespace nib
