#include "images/several/text_lines.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace nib {
namespace {

constexpr double on_one_line = 0.45;    ///< of the lower piece's rows
constexpr double tall_enough = 0.5;     ///< of the typical height: lower pieces are fragments
constexpr double smallest_part = 0.14;  ///< of the typical height: what is lower and narrower is dirt
constexpr double highest_digit = 1.2;   ///< of the typical height

bool before(const Piece& one, const Piece& other) { return doubled_middle(one.box) < doubled_middle(other.box); }

double shared_rows(const Box& one, const Box& other) {
  return static_cast<double>(overlap(one.row, one.rows, other.row, other.rows)) /
         static_cast<double>(std::min(one.rows, other.rows));
}

double middle_row(const TextLine& line) {
  double sum = 0;
  for (const Piece& piece : line.pieces)
    sum += static_cast<double>(piece.box.row) + static_cast<double>(piece.box.rows) / 2;
  return sum / static_cast<double>(line.pieces.size());
}

/// How far a piece lies beside the end of a line: beside its last piece, which may be a part of a digit, or the one
/// before.
double beside(const TextLine& line, const Piece& piece) {
  double most = 0;
  for (std::size_t back = 1; back <= std::min<std::size_t>(2, line.pieces.size()); ++back)
    most = std::max(most, shared_rows(line.pieces[line.pieces.size() - back].box, piece.box));
  return most;
}

/// The line whose end lies most nearly beside `piece`, or none.
TextLine* line_of(const Piece& piece, std::vector<TextLine>& lines) {
  TextLine* best = nullptr;
  double most = on_one_line;
  for (TextLine& line : lines)
    if (const double shared = beside(line, piece); shared >= most) {
      best = &line;
      most = shared;
    }
  return best;
}

void add_fragment(Piece fragment, std::vector<TextLine>& lines) {
  TextLine* best = nullptr;
  double least = 0;
  for (TextLine& line : lines)
    for (const Piece& piece : line.pieces)
      if (const auto away = static_cast<double>(box_gap(piece.box, fragment.box)); !best || away < least) {
        best = &line;
        least = away;
      }
  if (best) best->fragments.push_back(std::move(fragment));
}

/// Takes the low pieces out of `pieces`.
std::vector<Piece> take_low(std::vector<Piece>& pieces, double height) {
  std::vector<Piece> tall, low;
  for (Piece& piece : pieces) (is_low(piece, height) ? low : tall).push_back(std::move(piece));
  pieces = std::move(tall);
  return low;
}

/// Tells pieces and fragments apart anew, by a height.
void sort_by_height(std::vector<Piece>& pieces, std::vector<Piece>& fragments, double height) {
  std::ranges::move(fragments, std::back_inserter(pieces));
  fragments = take_low(pieces, height);
}

}  // namespace

bool is_low(const Piece& piece, double height) { return static_cast<double>(piece.box.rows) < tall_enough * height; }

bool may_be_a_flat_digit(const Piece& fragment, double height) {
  constexpr double rows = 0.3, columns = 0.45;  // of the height
  return static_cast<double>(fragment.box.rows) >= rows * height &&
         static_cast<double>(fragment.box.columns) >= columns * height;
}

bool may_be_parts(const Piece& one, const Piece& other, double height, std::size_t columns) {
  constexpr double nearby = 0.3;
  return static_cast<double>(box_gap(one.box, other.box)) <= nearby * height &&
         distance(one, other, columns) <= nearby * height;
}

std::vector<TextLine> text_lines(std::vector<Piece> pieces, std::size_t page_columns) {
  const double height = typical_height(pieces);
  std::vector<Piece> fragments = take_low(pieces, height);
  std::erase_if(fragments, [&](const Piece& piece) {
    return static_cast<double>(std::max(piece.box.rows, piece.box.columns)) < smallest_part * height;
  });
  unite_stacked(fragments, highest_digit * height, page_columns);
  sort_by_height(pieces, fragments, height);
  unite_halves(pieces, highest_digit * height, page_columns);

  std::ranges::sort(pieces, before);
  std::vector<TextLine> lines;
  for (Piece& piece : pieces) {
    TextLine* const line = line_of(piece, lines);
    (line ? *line : lines.emplace_back()).pieces.push_back(std::move(piece));
  }
  for (Piece& fragment : fragments) add_fragment(std::move(fragment), lines);
  for (TextLine& line : lines) {
    line.height = typical_height(line.pieces);
    sort_by_height(line.pieces, line.fragments, line.height);
    std::ranges::sort(line.pieces, before);
  }
  std::ranges::sort(lines, {}, middle_row);
  return lines;
}

}  // namespace nib
