#include "images/preparation/polygon.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace nib {
namespace {

double length(const Place& from, const Place& to) { return std::hypot(to.row - from.row, to.column - from.column); }

/// Where two lines meet, each through a place and the next.
Place meeting(const Place& a, const Place& b, const Place& c, const Place& d) {
  const double down = b.row - a.row, across = b.column - a.column;
  const double other_down = d.row - c.row, other_across = d.column - c.column;
  const double determinant = across * other_down - down * other_across;
  if (std::abs(determinant) < 1e-9) return b;
  const double part = ((c.column - a.column) * other_down - (c.row - a.row) * other_across) / determinant;
  return {a.row + part * down, a.column + part * across};
}

}  // namespace

float value_at(const Field& field, const Place& at) {
  const double y = std::clamp(at.row - 0.5, 0.0, static_cast<double>(field.rows - 1)),
               x = std::clamp(at.column - 0.5, 0.0, static_cast<double>(field.columns - 1));
  const auto top = static_cast<std::size_t>(y), left = static_cast<std::size_t>(x);
  const std::size_t bottom = std::min(top + 1, field.rows - 1), right = std::min(left + 1, field.columns - 1);
  const auto down = static_cast<float>(y - static_cast<double>(top)),
             across = static_cast<float>(x - static_cast<double>(left));
  const float upper = field.at(top, left) + across * (field.at(top, right) - field.at(top, left));
  const float lower = field.at(bottom, left) + across * (field.at(bottom, right) - field.at(bottom, left));
  return upper + down * (lower - upper);
}

double turn(const Place& first, const Place& second, const Place& third) {
  return (second.column - first.column) * (third.row - first.row) -
         (second.row - first.row) * (third.column - first.column);
}

Polygon convex_hull(std::vector<Place> places) {
  const auto key = [](const Place& place) { return std::tuple(place.column, place.row); };
  std::ranges::sort(places, {}, key);
  Polygon hull;
  const auto walk = [&](const auto& range) {
    const std::size_t begin = hull.size();
    for (const Place& place : range) {
      while (hull.size() >= begin + 2 && turn(hull[hull.size() - 2], hull.back(), place) <= 0) hull.pop_back();
      hull.push_back(place);
    }
    if (!hull.empty()) hull.pop_back();  // it begins the way back
  };
  walk(places);
  std::ranges::reverse(places);
  walk(places);
  return hull;
}

double area_of(const Polygon& polygon) {
  double sum = 0;
  for (std::size_t i = 1; i + 1 < polygon.size(); ++i) sum += turn(polygon[0], polygon[i], polygon[i + 1]);
  return sum / 2;
}

Polygon simplified(Polygon polygon, double tolerance) {
  while (polygon.size() > 3) {
    std::size_t nearest = 0;
    double least = tolerance;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
      const Place &before = polygon[(i + polygon.size() - 1) % polygon.size()],
                  &after = polygon[(i + 1) % polygon.size()];
      const double distance = std::abs(turn(before, polygon[i], after)) / std::max(1e-9, length(before, after));
      if (distance >= least) continue;
      least = distance;
      nearest = i;
    }
    if (least >= tolerance) break;
    polygon.erase(polygon.begin() + static_cast<std::ptrdiff_t>(nearest));
  }
  return polygon;
}

Polygon shrunk(const Polygon& polygon, double distance) {
  std::vector<std::array<Place, 2>> sides;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const Place &from = polygon[i], &to = polygon[(i + 1) % polygon.size()];
    const double whole = std::max(1e-9, length(from, to));
    const double down = (to.column - from.column) / whole * distance, across = -(to.row - from.row) / whole * distance;
    sides.push_back({Place{from.row + down, from.column + across}, Place{to.row + down, to.column + across}});
  }
  Polygon result;
  for (std::size_t i = 0; i < sides.size(); ++i) {
    const auto &before = sides[(i + sides.size() - 1) % sides.size()], &side = sides[i];
    result.push_back(meeting(before[0], before[1], side[0], side[1]));
  }
  for (std::size_t i = 0; i < result.size(); ++i) {
    const Place &from = result[i], &to = result[(i + 1) % result.size()];
    const auto& [first, last] = sides[i];
    const double along =
        (to.row - from.row) * (last.row - first.row) + (to.column - from.column) * (last.column - first.column);
    if (along <= 0) return {};
  }
  return result;
}

Mask inside_of(const Polygon& polygon, std::size_t rows, std::size_t columns) {
  Mask mask{rows, columns, std::vector<std::uint8_t>(rows * columns)};
  for (std::size_t row = 0; row < rows; ++row) {
    const double middle = static_cast<double>(row) + 0.5;
    double left = 0, right = static_cast<double>(columns);
    for (std::size_t i = 0; i < polygon.size() && left < right; ++i) {
      // Inside is where turn() is not negative: a bound on the column on one side.
      const Place &from = polygon[i], &to = polygon[(i + 1) % polygon.size()];
      const double down = to.row - from.row;
      const double base = (to.column - from.column) * (middle - from.row);
      if (std::abs(down) < 1e-9) {
        if (base < 0) right = left;
        continue;
      }
      const double column = from.column + base / down;
      if (down > 0)
        right = std::min(right, column);
      else
        left = std::max(left, column);
    }
    for (auto column = static_cast<std::size_t>(std::max(0.0, std::ceil(left - 0.5)));
         column < columns && static_cast<double>(column) + 0.5 <= right; ++column)
      mask.at(row, column) = 1;
  }
  return mask;
}

SquareTo::SquareTo(const Quadrilateral& corners) : origin_(corners[0]) {
  const Place &right = corners[1], &opposite = corners[2], &below = corners[3];
  const double sum_c = origin_.column - right.column + opposite.column - below.column,
               sum_r = origin_.row - right.row + opposite.row - below.row;
  const double c1 = right.column - opposite.column, c2 = below.column - opposite.column, r1 = right.row - opposite.row,
               r2 = below.row - opposite.row;
  const double determinant = c1 * r2 - c2 * r1;
  across_share_ = (sum_c * r2 - c2 * sum_r) / determinant;
  down_share_ = (c1 * sum_r - sum_c * r1) / determinant;
  across_ = {right.row - origin_.row + across_share_ * right.row,
             right.column - origin_.column + across_share_ * right.column};
  down_ = {below.row - origin_.row + down_share_ * below.row,
           below.column - origin_.column + down_share_ * below.column};
}

Place SquareTo::operator()(const Place& at) const {
  const double depth = 1 + down_share_ * at.row + across_share_ * at.column;
  return {(origin_.row + down_.row * at.row + across_.row * at.column) / depth,
          (origin_.column + down_.column * at.row + across_.column * at.column) / depth};
}

}  // namespace nib
