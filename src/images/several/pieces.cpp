#include "images/several/pieces.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "images/preparation/components.h"

namespace nib {
std::size_t overlap(std::size_t first, std::size_t length, std::size_t other, std::size_t other_length) {
  const std::size_t begin = std::max(first, other), end = std::min(first + length, other + other_length);
  return end > begin ? end - begin : 0;
}

std::size_t doubled_middle(const Box& box) { return 2 * box.column + box.columns; }

Mask own_mask(const Piece& piece, std::size_t columns) {
  Mask mask{piece.box.rows, piece.box.columns, std::vector<std::uint8_t>(piece.box.rows * piece.box.columns)};
  for (const std::uint32_t pixel : piece.pixels)
    mask.at(pixel / columns - piece.box.row, pixel % columns - piece.box.column) = 1;
  return mask;
}

void join(Piece& piece, const Piece& other) {
  piece.box = box_around(piece.box, other.box);
  piece.pixels.insert(piece.pixels.end(), other.pixels.begin(), other.pixels.end());
}

std::vector<Piece> pieces_of(const Mask& mask) {
  constexpr std::size_t speck = 5;
  const Components components = components_of(mask);
  std::vector<Piece> pieces;
  std::vector<std::size_t> place(components.list.size() + 1);  // by label: 1 + the piece's index
  for (std::size_t i = 0; i < components.list.size(); ++i) {
    const Component& component = components.list[i];
    if (std::max(component.box.rows, component.box.columns) < speck) continue;
    pieces.push_back({.box = component.box});
    pieces.back().pixels.reserve(component.pixels);
    place[i + 1] = pieces.size();
  }
  for (std::size_t i = 0; i < components.labels.size(); ++i)
    if (const std::size_t index = place[components.labels[i]])
      pieces[index - 1].pixels.push_back(static_cast<std::uint32_t>(i));
  return pieces;
}

double typical_height(const std::vector<Piece>& pieces) {
  std::vector<std::size_t> heights;
  std::size_t all = 0;
  for (const Piece& piece : pieces) {
    heights.push_back(piece.box.rows);
    all += piece.box.rows;
  }
  std::ranges::sort(heights);
  std::size_t sum = 0;
  for (const std::size_t height : heights)
    if ((sum += height) * 2 >= all) return static_cast<double>(height);
  return 0;
}

double distance(const Piece& one, const Piece& other, std::size_t columns) {
  // Of strokes several pixels wide a part of the pixels is enough.
  constexpr std::size_t enough = 256;
  const std::size_t step = one.pixels.size() / enough + 1, other_step = other.pixels.size() / enough + 1;
  double least = std::numeric_limits<double>::max();
  for (std::size_t i = 0; i < one.pixels.size(); i += step)
    for (std::size_t k = 0; k < other.pixels.size(); k += other_step) {
      const auto down = static_cast<double>(one.pixels[i] / columns) - static_cast<double>(other.pixels[k] / columns),
                 across = static_cast<double>(one.pixels[i] % columns) - static_cast<double>(other.pixels[k] % columns);
      least = std::min(least, down * down + across * across);
    }
  return std::sqrt(least);
}

namespace {

constexpr double above_each_other = 0.5;  // of the narrower one's columns
constexpr double nearby = 0.15;           // of the height

bool share_columns(const Piece& one, const Piece& other) {
  const auto shared =
      static_cast<double>(overlap(one.box.column, one.box.columns, other.box.column, other.box.columns));
  return shared >= above_each_other * static_cast<double>(std::min(one.box.columns, other.box.columns));
}

bool share_rows(const Piece& one, const Piece& other, double part) {
  const auto rows = static_cast<double>(overlap(one.box.row, one.box.rows, other.box.row, other.box.rows));
  return rows > part * static_cast<double>(std::min(one.box.rows, other.box.rows));
}

/// Joins those that belong together and are together at most `highest` pixels high, until there are none.
void unite(std::vector<Piece>& pieces, double highest, const auto& belong) {
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < pieces.size(); ++i)
      for (std::size_t k = i + 1; k < pieces.size(); ++k) {
        if (static_cast<double>(box_around(pieces[i].box, pieces[k].box).rows) > highest) continue;
        if (!belong(pieces[i], pieces[k])) continue;
        join(pieces[i], pieces[k]);
        pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(k--));
        changed = true;
      }
  }
}

}  // namespace

void unite_stacked(std::vector<Piece>& pieces, double highest, std::size_t page_columns) {
  constexpr double beside = 0.3;  // of the lower one's rows
  // Parts of a slanting stroke have few columns in common, but it goes on a little further.
  unite(pieces, highest, [&](const Piece& one, const Piece& other) {
    return share_columns(one, other) ||
           (!share_rows(one, other, beside) && distance(one, other, page_columns) <= nearby * highest);
  });
}

void unite_halves(std::vector<Piece>& pieces, double highest, std::size_t page_columns) {
  constexpr double beside = 0.45;  // of the lower one's rows
  unite(pieces, highest, [&](const Piece& one, const Piece& other) {
    return share_columns(one, other) && !share_rows(one, other, beside) &&
           distance(one, other, page_columns) <= nearby * highest;
  });
}

}  // namespace nib
