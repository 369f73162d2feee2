#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "images/preparation/field.h"
#include "images/preparation/mask.h"

namespace nib {

/// A place in an image: pixel (r, c) covers [r, r + 1) x [c, c + 1).
struct Place {
  double row = 0, column = 0;
};

/// What a field has at a place, between the four nearest pixels; outside of it that of the nearest place inside.
float value_at(const Field& field, const Place& at);

/// Corners in the order of a walk with the rows downwards and the inside on the right hand.
using Polygon = std::vector<Place>;

/// Twice the area of the triangle, positive where `third` lies on the right hand of the way from `first` to `second`.
double turn(const Place& first, const Place& second, const Place& third);

/// By A. M. Andrew's monotone chain, Information Processing Letters 9 (1979).
Polygon convex_hull(std::vector<Place> places);

double area_of(const Polygon& polygon);

/// The convex polygon with as few corners as keep all those left out within `tolerance` of it: again and again the
/// corner nearest to the line between its neighbours goes.
Polygon simplified(Polygon polygon, double tolerance);

/// A convex polygon with each side moved inwards by `distance`; empty where a side vanishes by that or turns round.
Polygon shrunk(const Polygon& polygon, double distance);

/// The pixels of an image whose middles lie inside of a convex polygon.
Mask inside_of(const Polygon& polygon, std::size_t rows, std::size_t columns);

using Quadrilateral = std::array<Place, 4>;

/// The projective map of the unit square onto a quadrilateral: (0, 0), (0, 1), (1, 1), (1, 0) in rows and columns
/// become its corners (P. Heckbert, "Fundamentals of Texture Mapping and Image Warping", 1989).
class SquareTo {
 public:
  explicit SquareTo(const Quadrilateral& corners);
  Place operator()(const Place& at) const;

 private:
  Place origin_, down_, across_;
  double down_share_, across_share_;
};

}  // namespace nib
