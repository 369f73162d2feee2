#include "images/several/cuts.h"

#include <algorithm>
#include <utility>

#include "images/several/seams.h"

namespace nib {
namespace {

/// Adds a pixel that lies at (row, column) of the page.
void add(Piece& piece, std::uint32_t pixel, std::size_t row, std::size_t column) {
  const Box one{row, column, 1, 1};
  piece.box = piece.pixels.empty() ? one : box_around(piece.box, one);
  piece.pixels.push_back(pixel);
}

}  // namespace

Atoms cut(const Piece& piece, double height, double stroke, std::size_t columns) {
  constexpr double apart = 0.12;      // of the height
  constexpr double most_strokes = 3;  // that a cut may go through
  const std::vector<Seam> seams = seams_of(piece, columns, apart * height, most_strokes * stroke);
  std::vector<Piece> parts(seams.size() + 1, Piece{.component = piece.component});
  for (const std::uint32_t pixel : piece.pixels) {
    const std::size_t row = pixel / columns, column = pixel % columns;
    const auto left_of_it = static_cast<std::size_t>(std::ranges::count_if(
        seams, [&](const Seam& seam) { return seam.columns[row - piece.box.row] <= column - piece.box.column; }));
    add(parts[left_of_it], pixel, row, column);
  }
  Atoms atoms;
  double ink = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) ink = std::max(ink, std::max(1.0, seams[i - 1].ink));
    if (parts[i].pixels.empty()) continue;
    atoms.cut_ink.push_back(atoms.pieces.empty() ? 0 : ink);
    atoms.pieces.push_back(std::move(parts[i]));
    ink = 0;
  }
  return atoms;
}

double stroke_width(const std::vector<Piece>& pieces, const Mask& mask) {
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
