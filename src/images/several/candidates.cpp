#include "images/several/candidates.h"

#include <algorithm>
#include <utility>

namespace nib {
namespace {

/// The least ink of the seams [first, last) that lie well within a box; 0 where there is none.
double least_ink_within(std::span<const Border> seams, std::span<const FoundDigit> whole, const Box& box,
                        double height) {
  constexpr double well_within = 0.12;  // of the height
  double least = 0;
  for (const Border& border : seams) {
    if (!border.seam) continue;
    const double place = static_cast<double>(whole[border.piece].piece.box.column) + border.seam->place;
    if (place < static_cast<double>(box.column) + well_within * height ||
        place > static_cast<double>(box.column + box.columns) - well_within * height)
      continue;
    if (least == 0 || border.ink < least) least = border.ink;
  }
  return least;
}

/// Whether a piece is a fragment, or the one behind a fragment, and too far from all pieces from `first` up to it.
bool is_apart(std::size_t first, std::size_t at, std::span<const FoundDigit> whole, double height,
              std::size_t columns) {
  const Piece& piece = whole[at].piece;
  if (!is_low(piece, height) && (at > first + 1 || !is_low(whole[first].piece, height))) return false;
  return std::ranges::none_of(whole.subspan(first, at - first), [&](const FoundDigit& other) {
    return may_be_parts(other.piece, piece, height, columns);
  });
}

}  // namespace

std::vector<Border> borders_of(const TextLine& line, std::span<const FoundDigit> whole, const Page& page) {
  constexpr double narrow = 0.45;  // in heights; what is narrower and surely a digit is not cut
  constexpr float sure = 0.9F;
  constexpr double solid = 0.45;  // in heights, of a stroke: a blot, or a dash on a page that has nothing else
  const double stroke = stroke_width(line.pieces, page.mask);
  std::vector<Border> borders;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    borders.push_back({.piece = i});
    const Piece& piece = whole[i].piece;
    if (is_low(piece, line.height) || (static_cast<double>(piece.box.columns) < narrow * line.height &&
                                       std::ranges::max(whole[i].probabilities) >= sure))
      continue;
    if (stroke_width(std::span(&piece, 1), page.mask) > solid * line.height) continue;
    for (Seam& seam : seams_of(piece, page.mask.columns, line.height, stroke)) {
      const double ink = std::max(1.0, seam.ink) / stroke;
      borders.push_back({i, std::move(seam), ink});
    }
  }
  return borders;
}

std::vector<Candidate> candidates_of(std::span<const Border> borders, std::span<const FoundDigit> whole, double height,
                                     std::size_t columns) {
  constexpr double widest = 1.5;  // in heights of a digit; what is wider is no digit
  constexpr std::size_t most_pixels =
      30'000'000;  // of all candidates: a scribble; of 2,000 lines none had more than 1.2 million
  std::vector<Candidate> candidates;
  std::size_t pixels = 0;
  for (std::size_t first = 0; first < borders.size(); ++first) {
    const Border& begin = borders[first];
    Piece before{};  // the ink up to the last piece's left side
    bool only_low = true;
    for (std::size_t last = first + 1; last <= borders.size(); ++last) {
      const Border* const end = last < borders.size() ? &borders[last] : nullptr;
      const std::size_t at = borders[last - 1].piece;  // the piece that it ends in
      const bool one_piece = at == begin.piece, starts = !borders[last - 1].seam;
      const Seam* const left = one_piece && begin.seam ? &*begin.seam : nullptr;
      const Seam* const right = end && end->seam ? &*end->seam : nullptr;
      Piece piece = between(whole[at].piece, left, right, columns);
      const bool adds_ink = !piece.pixels.empty(), low = is_low(whole[at].piece, height);
      if (!one_piece && starts && is_apart(begin.piece, at, whole, height, columns)) break;
      only_low &= low;
      const bool joined = !before.pixels.empty();
      if (joined) {
        Piece both = before;
        if (adds_ink) join(both, piece);
        piece = std::move(both);
      }
      pixels += piece.pixels.size();
      // A piece must not be lost where it is wide as a whole: there is always the way of all whole ones.
      const bool is_whole = one_piece && !left && !right,
                 too_much = static_cast<double>(piece.box.columns) > widest * height || pixels > most_pixels;
      if (is_whole && low)
        candidates.push_back({.first = first, .last = last, .digit = {.piece = piece}, .left_out = true});
      const bool may_be_a_digit = !only_low || !is_low(piece, height) || may_be_a_flat_digit(piece, height);
      if (may_be_a_digit && adds_ink && (!too_much || is_whole || last == first + 1))
        candidates.push_back(
            {.first = first,
             .last = last,
             .digit = is_whole ? whole[at] : FoundDigit{.piece = piece},
             .cut_ink = begin.ink,
             .least_inside = least_ink_within(borders.subspan(first + 1, last - first - 1), whole, piece.box, height),
             .joined = joined});
      if (too_much && (left || !one_piece)) break;
      if (!right) before = std::move(piece);
    }
  }
  return candidates;
}

}  // namespace nib
