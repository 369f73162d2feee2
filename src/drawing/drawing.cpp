#include "drawing/drawing.h"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace nib {

Element& Drawing::add(Rectangle shape) { return elements.emplace_back(Element{.shape = shape}); }
Element& Drawing::add(Circle shape) { return elements.emplace_back(Element{.shape = shape}); }
Element& Drawing::add(Path shape) { return elements.emplace_back(Element{.shape = std::move(shape)}); }
Element& Drawing::add(Text shape) { return elements.emplace_back(Element{.shape = std::move(shape)}); }
Element& Drawing::add(InkImage shape) { return elements.emplace_back(Element{.shape = std::move(shape)}); }

void Drawing::move_by(double right, double down) {
  const auto move = [&](auto& shape) {
    using Shape = std::remove_cvref_t<decltype(shape)>;
    const auto move_point = [&](Point& point) { point.x += right, point.y += down; };
    if constexpr (std::is_same_v<Shape, Circle>)
      move_point(shape.centre);
    else if constexpr (std::is_same_v<Shape, Text>)
      move_point(shape.at);
    else if constexpr (std::is_same_v<Shape, Path>)
      std::ranges::for_each(shape.points, move_point);
    else
      shape.x += right, shape.y += down;
  };
  for (Element& element : elements) std::visit(move, element.shape);
}

}  // namespace nib
