#include "images/preparation/stroke.h"

#include <algorithm>
#include <vector>

#include "images/preparation/components.h"

namespace nib {
namespace {

constexpr double speck = 0.025;           ///< of the largest piece's pixels: smaller pieces are dirt
constexpr double another_digit = 0.3;     ///< of the largest piece's pixels: as large as a digit of its own
constexpr double nearby = 0.25;           ///< of the stroke's larger side
constexpr double beside = 0.1;            ///< of the stroke's larger side: less is a stroke that broke
constexpr double size_off_border = 0.15;  ///< of the image's smaller side: large enough for a digit

std::size_t larger_side(const Box& box) { return std::max(box.rows, box.columns); }

/// Whether at least half of the rows of the lower box are rows of the other.
bool on_one_line(const Box& one, const Box& other) {
  const std::size_t first = std::max(one.row, other.row), last = std::min(one.row + one.rows, other.row + other.rows);
  return last > first && 2 * (last - first) >= std::min(one.rows, other.rows);
}

bool exceeds(std::size_t pixels, double part, std::size_t whole) {
  return static_cast<double>(pixels) > part * static_cast<double>(whole);
}

/// Index of the piece that the digit is built around. What touches the border may be the edge of the paper, or a
/// finger.
std::size_t main_piece(const std::vector<Component>& pieces, const Mask& mask) {
  const std::size_t side = std::min(mask.rows, mask.columns);
  std::size_t largest = 0, largest_inside = pieces.size();
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (pieces[i].pixels > pieces[largest].pixels) largest = i;
    if (pieces[i].touches_border) continue;
    if (largest_inside == pieces.size() || pieces[i].pixels > pieces[largest_inside].pixels) largest_inside = i;
  }
  if (largest_inside == pieces.size()) return largest;
  const Component& inside = pieces[largest_inside];
  return exceeds(inside.pixels, another_digit, pieces[largest].pixels) ||
                 exceeds(larger_side(inside.box), size_off_border, side)
             ? largest_inside
             : largest;
}

/// Whether a piece comes in from the border as a finger does, or a corner of something: it fills its box, which no
/// digit but a narrow 1 does.
bool is_blot_at_border(const Component& piece) {
  constexpr double filled = 0.7, narrow = 0.4;
  const double rows = static_cast<double>(piece.box.rows), columns = static_cast<double>(piece.box.columns);
  return piece.touches_border && static_cast<double>(piece.pixels) > filled * rows * columns &&
         std::min(rows, columns) > narrow * std::max(rows, columns);
}

/// The pieces that belong to the main one, first of all itself: near what is gathered so far, no specks, and no
/// further digit.
std::vector<std::size_t> gather(const std::vector<Component>& pieces, std::size_t main, Box& box) {
  std::vector<std::size_t> gathered{main};
  std::vector<bool> taken(pieces.size());
  taken[main] = true;
  box = pieces[main].box;
  for (bool grown = true; grown;) {
    grown = false;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const Component& piece = pieces[i];
      if (taken[i] || !exceeds(piece.pixels, speck, pieces[main].pixels)) continue;
      if (exceeds(box_gap(box, piece.box), nearby, larger_side(pieces[main].box))) continue;
      if (exceeds(piece.pixels, another_digit, pieces[main].pixels) && on_one_line(box, piece.box) &&
          exceeds(column_gap(box, piece.box), beside, larger_side(pieces[main].box)))
        continue;
      if (piece.touches_border && !pieces[main].touches_border) continue;
      taken[i] = grown = true;
      gathered.push_back(i);
      box = box_around(box, piece.box);
    }
  }
  return gathered;
}

}  // namespace

Stroke choose_stroke(const Mask& mask) {
  const Components components = components_of(mask);
  Stroke stroke{.mask = {mask.rows, mask.columns, std::vector<std::uint8_t>(mask.set.size())}};
  if (components.list.empty()) return stroke;
  const std::size_t main = main_piece(components.list, mask);
  const std::vector<std::size_t> gathered = gather(components.list, main, stroke.box);
  std::vector<std::uint8_t> chosen(components.list.size() + 1);  // by label
  for (const std::size_t index : gathered) {
    const Component& piece = components.list[index];
    chosen[index + 1] = 1;
    stroke.pixels += piece.pixels;
    stroke.touches_border |= piece.touches_border;
  }
  stroke.pieces = gathered.size();
  for (std::size_t i = 0; i < components.list.size(); ++i)
    stroke.has_neighbours |= !chosen[i + 1] && !is_blot_at_border(components.list[i]) &&
                             exceeds(components.list[i].pixels, another_digit, components.list[main].pixels);
  for (std::size_t i = 0; i < stroke.mask.set.size(); ++i) stroke.mask.set[i] = chosen[components.labels[i]];
  return stroke;
}

}  // namespace nib
