#pragma once

#include <cstdint>
#include <vector>

#include "images/preparation/mask.h"

namespace nib {

/// Ink that stays together: a digit, a part of one, or digits that touch.
struct Piece {
  Box box{};
  std::vector<std::uint32_t> pixels{};  ///< row * columns + column in the page's mask

  std::size_t right() const { return box.column + box.columns; }
  std::size_t bottom() const { return box.row + box.rows; }
};

/// Pixels that two ranges share; 0 where they do not meet.
std::size_t overlap(std::size_t first, std::size_t length, std::size_t other, std::size_t other_length);

/// The piece's ink in its own box. `columns` is of the page.
Mask own_mask(const Piece& piece, std::size_t columns);

/// Twice the column of a box's middle.
std::size_t doubled_middle(const Box& box);

/// Adds the other's pixels.
void join(Piece& piece, const Piece& other);

/// What hangs together in the mask, without the smallest specks (under 5 pixels high and wide).
std::vector<Piece> pieces_of(const Mask& mask);

/// The height that half of all ink's height is above and half below: small pieces count little, and it does not mind
/// digits that touch.
double typical_height(const std::vector<Piece>& pieces);

/// Pixels between the middles of the nearest pixels, nearly. `columns` is of the page.
double distance(const Piece& one, const Piece& other, std::size_t columns);

/// Joins pieces that stand above each other, or of which one begins near the other's end, where together they are at
/// most `highest` pixels high. `page_columns` is of the page.
void unite_stacked(std::vector<Piece>& pieces, double highest, std::size_t page_columns);

/// Joins pieces that stand above each other, have few rows in common and come near: the halves of a digit that is
/// broken across, each too high for a fragment.
void unite_halves(std::vector<Piece>& pieces, double highest, std::size_t page_columns);

}  // namespace nib
