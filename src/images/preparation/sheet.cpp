#include "images/preparation/sheet.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "images/preparation/components.h"
#include "images/preparation/distance.h"

namespace nib {
namespace {

constexpr std::size_t coarse_side = 160;  ///< pixels of the larger side of the image that is searched
constexpr int thresholds = 20;            ///< of the light, evenly from its darkest to its lightest
constexpr double least_area = 0.04;       ///< of the picture
constexpr double most_area = 0.985;
constexpr double least_solid = 0.93;       ///< part of the convex hull that is filled
constexpr double corner_tolerance = 0.03;  ///< of the hull's larger side: less is no corner
constexpr std::size_t most_corners = 6;
constexpr float least_step = 0.1F;      ///< of the lighter side: what counts as a step of light at the border
constexpr double least_stepped = 0.85;  ///< part of the border with such a step
constexpr float weakest_ink = 0.1F;
constexpr double least_ink_side = 0.1;  ///< of the sheet's larger side
constexpr double thickest_ink = 0.33;   ///< of the ink's own larger side
constexpr double widest_line = 0.35;    ///< of the sheet's larger side: a line around it, with the same light beyond
constexpr double least_lined = 0.6;     ///< part of the border with such a line, which makes it an outline
constexpr double least_hole = 0.1;      ///< of the sheet's area: a smaller one makes no ring of it
constexpr double most_lined = 0.12;     ///< part of the border that its own ink may lie along
constexpr double longer_than_wide = 3;  ///< ink inside an outline, of the outline's width: less is a speck in a 0

/// What is darker than its surroundings by less than a window's width, relative to these; for light ink the same of the
/// negative.
Field thin_dark(const Field& light, std::size_t radius) {
  Field closed = box_minimum(box_maximum(light, radius), radius);
  for (std::size_t i = 0; i < closed.values.size(); ++i)
    closed.values[i] = (closed.values[i] - light.values[i]) / std::max(closed.values[i], 8.0F);
  return closed;
}

Field negative(Field light) {
  for (float& value : light.values) value = 255 - value;
  return light;
}

struct Candidate {
  Sheet sheet;
  double area = 0;
  double step = 0;  ///< of light across the border, summed along it
};

class Search {
 public:
  explicit Search(const Field& light) : light_(light) {}

  std::vector<Candidate> candidates() {
    std::vector<Candidate> result;
    const auto [darkest, lightest] = std::ranges::minmax(light_.values);
    for (int i = 1; i <= thresholds; ++i) {
      const float threshold =
          darkest + (lightest - darkest) * static_cast<float>(i) / static_cast<float>(thresholds + 1);
      Mask mask = mask_of(light_, threshold);
      add_pieces(mask, 1, result);
      for (std::uint8_t& set : mask.set) set ^= 1;
      add_pieces(mask, -1, result);
    }
    return result;
  }

 private:
  double size() const { return static_cast<double>(light_.values.size()); }

  /// `sign` is 1 where the mask is the lighter part.
  void add_pieces(const Mask& mask, double sign, std::vector<Candidate>& result) {
    const std::vector<Component> list = component_list(mask);
    std::optional<Components> pieces;
    for (std::size_t index = 0; index < list.size(); ++index) {
      const auto box = static_cast<double>(list[index].box.rows * list[index].box.columns);
      if (box < least_area * size() || static_cast<double>(list[index].pixels) < 0.35 * box ||
          holds_all_corners(list, index, mask))
        continue;
      if (!pieces) pieces = components_of(mask);
      if (std::optional<Candidate> candidate = sheet_of(*pieces, index, mask, sign)) result.push_back(*candidate);
    }
  }

  /// Whether a piece surely has all corners of the picture: no other reaches any of them. Then it is no sheet in it.
  static bool holds_all_corners(const std::vector<Component>& pieces, std::size_t index, const Mask& mask) {
    for (const std::size_t row : {std::size_t{0}, mask.rows - 1})
      for (const std::size_t column : {std::size_t{0}, mask.columns - 1})
        for (std::size_t i = 0; i < pieces.size(); ++i) {
          const Box& box = pieces[i].box;
          const bool reaches =
              row >= box.row && row < box.row + box.rows && column >= box.column && column < box.column + box.columns;
          if (!mask.at(row, column) || reaches != (i == index)) return false;
        }
    return true;
  }

  /// Of the corners of a piece's pixels, the outermost ones on each edge between rows.
  static std::vector<Place> ends_of(const Components& pieces, std::size_t index, const Mask& mask) {
    const Box& box = pieces.list[index].box;
    std::vector<std::size_t> lefts(box.rows + 1, mask.columns), rights(box.rows + 1);
    for (std::size_t row = 0; row < box.rows; ++row) {
      const std::uint32_t* const labels = &pieces.labels[(box.row + row) * mask.columns];
      std::size_t first = box.column, last = box.column + box.columns;
      while (first < last && labels[first] != index + 1) ++first;
      while (last > first && labels[last - 1] != index + 1) --last;
      for (const std::size_t edge : {row, row + 1}) {
        lefts[edge] = std::min(lefts[edge], first);
        rights[edge] = std::max(rights[edge], last);
      }
    }
    std::vector<Place> places;
    for (std::size_t edge = 0; edge <= box.rows; ++edge)
      for (const std::size_t column : {lefts[edge], rights[edge]})
        places.push_back({static_cast<double>(box.row + edge), static_cast<double>(column)});
    return places;
  }

  std::optional<Candidate> sheet_of(const Components& pieces, std::size_t index, const Mask& mask, double sign) {
    const Polygon hull = convex_hull(ends_of(pieces, index, mask));
    const double area = area_of(hull);
    if (area < least_area * size() || area > most_area * size()) return std::nullopt;
    const Box& box = pieces.list[index].box;
    const auto side = static_cast<double>(std::max(box.rows, box.columns));
    Candidate candidate{.sheet = {.outline = simplified(hull, corner_tolerance * side)}, .area = area};
    if (candidate.sheet.outline.size() > most_corners) return std::nullopt;
    candidate.sheet.cut_by_border = pieces.list[index].touches_border;
    if (!has_step(hull, sign, candidate.step)) return std::nullopt;
    if (filled(pieces, index, hull) < least_solid * area || is_ring(hull, mask, area)) return std::nullopt;
    const Polygon inner = shrunk(candidate.sheet.outline, std::max(2.0, 0.02 * side));
    if (inner.empty()) return std::nullopt;
    const Mask inside = inside_of(inner, light_.rows, light_.columns);
    const double line = line_around(hull, sign, side), least = std::max(least_ink_side * side, longer_than_wide * line);
    // What lies in an outline is of its colour.
    const bool dark = (line == 0 || sign > 0) && holds_stroke(dark_ink(), inside, least, candidate.sheet);
    if (!dark && ((line > 0 && sign > 0) || !holds_stroke(light_ink(), inside, least, candidate.sheet)))
      return std::nullopt;
    return candidate;
  }

  /// Pixels of the hull but for those of other pieces' kind that hang together with what is outside.
  double filled(const Components& pieces, std::size_t index, const Polygon& hull) const {
    const Mask inside = inside_of(hull, light_.rows, light_.columns);
    Mask others = inside;
    for (std::size_t i = 0; i < others.set.size(); ++i) others.set[i] = pieces.labels[i] == index + 1 ? 0 : 1;
    const Components holes = components_of(others);
    double count = 0;
    for (std::size_t i = 0; i < inside.set.size(); ++i) {
      if (!inside.set[i]) continue;
      const std::uint32_t label = holes.labels[i];
      if (label == 0 || !reaches_out(holes.list[label - 1], pieces.list[index].box)) count += 1;
    }
    return count;
  }
  /// Whether it is an outline rather than a sheet: has a hole that is too large and thick for ink.
  bool is_ring(const Polygon& hull, const Mask& mask, double area) const {
    Mask holes = inside_of(hull, light_.rows, light_.columns);
    for (std::size_t i = 0; i < holes.set.size(); ++i) holes.set[i] = holes.set[i] && !mask.set[i] ? 1 : 0;
    const Components pieces = components_of(holes);
    const auto largest = std::ranges::max_element(pieces.list, {}, &Component::pixels);
    return largest != pieces.list.end() && static_cast<double>(largest->pixels) > least_hole * area &&
           !thin(pieces, largest - pieces.list.begin(), holes);
  }
  static bool reaches_out(const Component& hole, const Box& box) {
    return hole.touches_border || hole.box.row < box.row || hole.box.column < box.column ||
           hole.box.row + hole.box.rows > box.row + box.rows ||
           hole.box.column + hole.box.columns > box.column + box.columns;
  }

  /// Whether the light changes along nearly all of the border, but for where that is the picture's own.
  bool has_step(const Polygon& hull, double sign, double& evidence) const {
    double walked = 0, stepped = 0, sum = 0;
    for (std::size_t i = 0; i < hull.size(); ++i) {
      const Place &from = hull[i], &to = hull[(i + 1) % hull.size()];
      const double down = to.row - from.row, across = to.column - from.column, length = std::hypot(down, across);
      const auto steps = static_cast<int>(std::ceil(length));
      for (int k = 0; k < steps; ++k) {
        const double part = (k + 0.5) / steps, step = length / steps;
        const Place at{from.row + part * down, from.column + part * across};
        const double out_down = -across / length, out_across = down / length;
        const auto aside = [&](double far) {
          return light_at({at.row + far * out_down, at.column + far * out_across});
        };
        const std::optional<float> inside = aside(-2.5), near = aside(1), far = aside(2.5);
        if (!inside || !near) continue;
        const float outside = far ? *far : *near;
        walked += step;
        const double contrast =
            sign * static_cast<double>(*inside - outside) / static_cast<double>(std::max({*inside, outside, 1.0F}));
        sum += step * contrast;
        if (contrast >= static_cast<double>(least_step)) stepped += step;
      }
    }
    if (walked < 0.15 * std::sqrt(size())) return false;
    evidence = sum;
    return stepped >= least_stepped * walked;
  }
  /// How wide the line is that surrounds it, behind which the light is again as inside: the median; 0 where most of the
  /// border has none, as that of a sheet.
  double line_around(const Polygon& hull, double sign, double side) const {
    std::vector<double> widths;
    std::size_t walked = 0;
    for (std::size_t i = 0; i < hull.size(); ++i) {
      const Place &from = hull[i], &to = hull[(i + 1) % hull.size()];
      const double down = to.row - from.row, across = to.column - from.column, length = std::hypot(down, across);
      for (double along = 0.5; along < length; ++along) {
        const auto aside = [&](double far) {
          return light_at({from.row + along / length * down - far * across / length,
                           from.column + along / length * across + far * down / length});
        };
        const std::optional<float> inside = aside(-2.5), line = aside(1);
        if (!inside || !line) continue;
        ++walked;
        for (double far = 2; far <= widest_line * side + 1; ++far) {
          const std::optional<float> beyond = aside(far);
          if (!beyond) break;
          if (sign * static_cast<double>(2 * *beyond - *inside - *line) <= 0) continue;
          widths.push_back(far);
          break;
        }
      }
    }
    if (static_cast<double>(widths.size()) < least_lined * static_cast<double>(walked) || widths.empty()) return 0;
    std::ranges::nth_element(widths, widths.begin() + static_cast<std::ptrdiff_t>(widths.size() / 2));
    return widths[widths.size() / 2];
  }
  std::optional<float> light_at(const Place& at) const {
    if (at.row < 0 || at.column < 0 || at.row >= static_cast<double>(light_.rows) ||
        at.column >= static_cast<double>(light_.columns))
      return std::nullopt;
    return light_.at(static_cast<std::size_t>(at.row), static_cast<std::size_t>(at.column));
  }

  /// Whether there is a piece of ink inside that a person may have written.
  static bool holds_stroke(const Field& ink, const Mask& inside, double least, const Sheet& sheet) {
    float strongest = 0;
    for (std::size_t i = 0; i < inside.set.size(); ++i)
      if (inside.set[i]) strongest = std::max(strongest, ink.values[i]);
    if (strongest < weakest_ink) return false;
    Mask mask = inside;
    for (std::size_t i = 0; i < mask.set.size(); ++i)
      mask.set[i] = inside.set[i] && ink.values[i] >= std::max(weakest_ink, 0.4F * strongest) ? 1 : 0;
    const Components pieces = components_of(mask);
    const auto largest = std::ranges::max_element(pieces.list, {}, &Component::pixels);
    if (largest == pieces.list.end()) return false;
    if (static_cast<double>(std::max(largest->box.rows, largest->box.columns)) < least) return false;
    return !(sheet.cut_by_border && leaves(pieces, largest - pieces.list.begin(), inside)) &&
           !lines(pieces, largest - pieces.list.begin(), inside) && thin(pieces, largest - pieces.list.begin(), mask);
  }
  static bool leaves(const Components& pieces, std::ptrdiff_t index, const Mask& inside) {
    const Box& box = pieces.list[static_cast<std::size_t>(index)].box;
    for (std::size_t row = box.row; row < box.row + box.rows; ++row)
      for (std::size_t column = box.column; column < box.column + box.columns; ++column) {
        if (pieces.labels[row * inside.columns + column] != static_cast<std::uint32_t>(index) + 1) continue;
        // The picture's own border cuts nothing that the sheet does not.
        if (row > 0 && !inside.at(row - 1, column) && row > 3) return true;
        if (row + 4 < inside.rows && !inside.at(row + 1, column)) return true;
        if (column > 3 && !inside.at(row, column - 1)) return true;
        if (column + 4 < inside.columns && !inside.at(row, column + 1)) return true;
      }
    return false;
  }
  /// Whether a piece lies along much of the border: as the ring does of which a square 0 consists.
  static bool lines(const Components& pieces, std::ptrdiff_t index, const Mask& inside) {
    std::size_t border = 0, lined = 0;
    for (std::size_t row = 1; row + 1 < inside.rows; ++row)
      for (std::size_t column = 1; column + 1 < inside.columns; ++column) {
        if (!inside.at(row, column) || (inside.at(row - 1, column) && inside.at(row + 1, column) &&
                                        inside.at(row, column - 1) && inside.at(row, column + 1)))
          continue;
        ++border;
        lined += pieces.labels[row * inside.columns + column] == static_cast<std::uint32_t>(index) + 1;
      }
    return static_cast<double>(lined) > most_lined * static_cast<double>(border);
  }
  static bool thin(const Components& pieces, std::ptrdiff_t index, const Mask& mask) {
    const Box& box = pieces.list[static_cast<std::size_t>(index)].box;
    Mask piece{box.rows, box.columns, {}};
    for (std::size_t row = 0; row < box.rows; ++row)
      for (std::size_t column = 0; column < box.columns; ++column)
        piece.set.push_back(pieces.labels[(box.row + row) * mask.columns + box.column + column] ==
                            static_cast<std::uint32_t>(index) + 1);
    const float thickness = 2 * largest_value(signed_distance(piece, 1));
    return static_cast<double>(thickness) <= thickest_ink * static_cast<double>(std::max(box.rows, box.columns)) + 1;
  }

  /// Most pictures have nothing in them that is looked at so closely.
  const Field& dark_ink() {
    if (!dark_ink_) dark_ink_ = thin_dark(light_, std::max(light_.rows, light_.columns) / 16);
    return *dark_ink_;
  }
  const Field& light_ink() {
    if (!light_ink_) light_ink_ = thin_dark(negative(light_), std::max(light_.rows, light_.columns) / 16);
    return *light_ink_;
  }

  const Field& light_;
  std::optional<Field> dark_ink_{}, light_ink_{};
};

}  // namespace

std::optional<Sheet> find_sheet(const Field& light) {
  const std::size_t factor = (std::max(light.rows, light.columns) + coarse_side - 1) / coarse_side;
  const Field coarse = reduced(light, factor);
  if (std::min(coarse.rows, coarse.columns) < 16) return std::nullopt;
  const std::vector<Candidate> candidates = Search(coarse).candidates();
  if (candidates.empty()) return std::nullopt;
  const double smallest = std::ranges::min(candidates, {}, &Candidate::area).area;
  const Candidate* best = nullptr;
  constexpr double much_the_same = 1.25;
  for (const Candidate& candidate : candidates)
    if (candidate.area <= much_the_same * smallest && (!best || candidate.step > best->step)) best = &candidate;
  Sheet sheet = best->sheet;
  for (Place& corner : sheet.outline) {
    corner.row = std::min(corner.row * static_cast<double>(factor), static_cast<double>(light.rows));
    corner.column = std::min(corner.column * static_cast<double>(factor), static_cast<double>(light.columns));
  }
  return sheet;
}

}  // namespace nib
