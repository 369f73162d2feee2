#include "images/several/cuts.h"

namespace nib {
namespace {

/// Adds a pixel that lies at (row, column) of the page.
void add(Piece& piece, std::uint32_t pixel, std::size_t row, std::size_t column) {
  const Box one{row, column, 1, 1};
  piece.box = piece.pixels.empty() ? one : box_around(piece.box, one);
  piece.pixels.push_back(pixel);
}

}  // namespace

Piece between(const Piece& piece, const Seam* left, const Seam* right, std::size_t columns) {
  if (!left && !right) return piece;
  Piece part;
  for (const std::uint32_t pixel : piece.pixels) {
    const std::size_t row = pixel / columns, column = pixel % columns;
    const std::size_t y = row - piece.box.row, x = column - piece.box.column;
    if ((!left || x >= left->columns[y]) && (!right || x < right->columns[y])) add(part, pixel, row, column);
  }
  return part;
}

double stroke_width(std::span<const Piece> pieces, const Mask& mask) {
  double ink = 0, edges = 0;
  const auto is_ink = [&](std::size_t row, std::size_t column) {
    return row < mask.rows && column < mask.columns && mask.at(row, column);
  };
  for (const Piece& piece : pieces)
    for (const std::uint32_t pixel : piece.pixels) {
      const std::size_t row = pixel / mask.columns, column = pixel % mask.columns;
      ink += 1;
      for (const bool inside :
           {is_ink(row + 1, column), is_ink(row - 1, column), is_ink(row, column + 1), is_ink(row, column - 1)})
        edges += !inside;
    }
  // The steps of a pixelled outline are longer than it by 4 / pi in the mean of all directions.
  constexpr double steps_a_length = 1.273;
  return edges > 0 ? 2 * ink * steps_a_length / edges : 0;
}

}  // namespace nib
