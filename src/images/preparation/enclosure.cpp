#include "images/preparation/enclosure.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "images/preparation/components.h"

namespace nib {
namespace {

constexpr double least_side = 0.25;        ///< of the hole's larger side: less is a speck
constexpr double least_of_outline = 0.08;  ///< pixels of the ink inside, of the outline's own
constexpr double another = 0.3;            ///< of the most ink in a hole: another cell that is filled

/// What a component lies in: the label, in the other mask, of the pixel left of its first one; 0 at the picture's
/// border.
class Nesting {
 public:
  Nesting(const Components& pieces, const Components& surroundings, std::size_t columns)
      : around_(pieces.list.size() + 1) {
    std::vector<bool> seen(pieces.list.size() + 1);
    for (std::size_t i = 0; i < pieces.labels.size(); ++i) {
      const std::uint32_t label = pieces.labels[i];
      if (label == 0 || seen[label]) continue;
      seen[label] = true;
      if (!pieces.list[label - 1].touches_border && i % columns > 0) around_[label] = surroundings.labels[i - 1];
    }
  }
  std::uint32_t around(std::uint32_t label) const { return around_[label]; }

 private:
  std::vector<std::uint32_t> around_;
};

std::size_t larger_side(const Box& box) { return std::max(box.rows, box.columns); }

}  // namespace

std::optional<Enclosure> find_enclosure(const Mask& ink) {
  // Most strokes have nothing inside.
  const auto inside = [](const Component& component) { return !component.touches_border; };
  const std::vector<Component> all = component_list(ink);
  if (all.size() < 2 || std::ranges::none_of(all, inside)) return std::nullopt;
  Mask paper = ink;
  for (std::uint8_t& set : paper.set) set ^= 1;
  if (std::ranges::none_of(component_list(paper), inside)) return std::nullopt;
  const Components pieces = components_of(ink), gaps = components_of(paper);
  const Nesting of_pieces(pieces, gaps, ink.columns), of_gaps(gaps, pieces, ink.columns);
  std::vector<std::size_t> content(gaps.list.size() + 1);  // pixels of the largest piece in each gap
  for (std::uint32_t piece = 1; piece <= pieces.list.size(); ++piece) {
    const std::uint32_t gap = of_pieces.around(piece);
    if (gap == 0) continue;
    const std::uint32_t outline = of_gaps.around(gap);
    if (outline == 0) continue;
    const Component &inner = pieces.list[piece - 1], &hole = gaps.list[gap - 1];
    if (static_cast<double>(larger_side(inner.box)) < least_side * static_cast<double>(larger_side(hole.box))) continue;
    if (static_cast<double>(inner.pixels) < least_of_outline * static_cast<double>(pieces.list[outline - 1].pixels) &&
        3 * larger_side(inner.box) < larger_side(pieces.list[outline - 1].box))
      continue;
    content[gap] = std::max(content[gap], inner.pixels);
  }
  const auto chosen = std::ranges::max_element(content);
  if (*chosen == 0) return std::nullopt;
  const auto gap = static_cast<std::uint32_t>(chosen - content.begin());
  Enclosure result{.inside = {ink.rows, ink.columns, std::vector<std::uint8_t>(ink.set.size())}};
  // A pixel is inside where the ways out of its component, from gap to piece to gap, lead through the chosen gap.
  std::vector<bool> gap_inside(gaps.list.size() + 1), piece_inside(pieces.list.size() + 1);
  const auto leads_through = [&](std::uint32_t from) {
    for (std::uint32_t at = from; at != 0; at = of_pieces.around(of_gaps.around(at))) {
      if (at == gap) return true;
      if (of_gaps.around(at) == 0) return false;
    }
    return false;
  };
  for (std::uint32_t label = 1; label <= gaps.list.size(); ++label) gap_inside[label] = leads_through(label);
  for (std::uint32_t label = 1; label <= pieces.list.size(); ++label)
    piece_inside[label] = of_pieces.around(label) != 0 && gap_inside[of_pieces.around(label)];
  for (std::size_t i = 0; i < ink.set.size(); ++i)
    result.inside.set[i] = ink.set[i] ? piece_inside[pieces.labels[i]] : gap_inside[gaps.labels[i]];
  for (std::uint32_t label = 1; label < content.size(); ++label)
    result.several |= label != gap && static_cast<double>(content[label]) > another * static_cast<double>(*chosen) &&
                      !gap_inside[label] && of_gaps.around(label) != 0;
  return result;
}

}  // namespace nib
