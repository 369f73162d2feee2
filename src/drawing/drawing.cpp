#include "drawing/drawing.h"

#include <utility>

namespace nib {

Element& Drawing::add(Rectangle shape) { return elements.emplace_back(Element{.shape = shape}); }
Element& Drawing::add(Circle shape) { return elements.emplace_back(Element{.shape = shape}); }
Element& Drawing::add(Path shape) { return elements.emplace_back(Element{.shape = std::move(shape)}); }
Element& Drawing::add(Text shape) { return elements.emplace_back(Element{.shape = std::move(shape)}); }
Element& Drawing::add(InkImage shape) { return elements.emplace_back(Element{.shape = std::move(shape)}); }

}  // namespace nib
