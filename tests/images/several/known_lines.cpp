#include "images/several/known_lines.h"

#include <algorithm>
#include <utility>

namespace nib {
namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1);

/// Marks the right way: the largest sum of likeness to each border over the digits before it.
void find_right_way(KnownLine& known, std::size_t written) {
  constexpr double alike = 0.5;
  struct Best {
    double sum = -1;
    std::size_t candidate = none;
  };
  const std::vector<Candidate>& candidates = known.ways.candidates;
  std::vector<std::vector<Best>> best(known.ways.borders + 1, std::vector<Best>(written + 1));
  best[0][0].sum = 0;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (candidates[i].left_out) {
      for (std::size_t digit = 0; digit <= written; ++digit)
        if (const double sum = best[candidates[i].first][digit].sum; sum > best[candidates[i].last][digit].sum)
          best[candidates[i].last][digit] = {sum, i};
      continue;
    }
    if (known.likeness[i] < alike) continue;
    const double before = best[candidates[i].first][known.digits[i]].sum;
    Best& at = best[candidates[i].last][known.digits[i] + 1];
    if (before >= 0 && before + known.likeness[i] > at.sum) at = {before + known.likeness[i], i};
  }
  known.can_be_right = best[known.ways.borders][written].sum >= 0;
  if (!known.can_be_right) return;
  for (std::size_t border = known.ways.borders, digit = written; border > 0;) {
    const std::size_t candidate = best[border][digit].candidate;
    known.right[candidate] = true;
    border = candidates[candidate].first;
    digit -= !candidates[candidate].left_out;
  }
}

Ways unread_ways(const TextLine& line, const Page& page) {
  std::vector<FoundDigit> whole;
  for (const Piece& piece : line.pieces) whole.push_back({.piece = piece, .probabilities = std::vector(10, 0.1F)});
  const std::vector<Border> borders = borders_of(line, whole, page);
  return {.borders = borders.size(), .candidates = candidates_of(borders, whole, line.height, page.mask.columns)};
}

}  // namespace

KnownPage known_page(const pages::WrittenPage& written, const DigitReader& read) {
  LinesOnPage found = find_lines(written.picture, "page");
  KnownPage result{.page = std::move(found.page)};
  if (found.lines.size() != written.lines.size()) return result;
  const ReadingNetwork network{.read = read};
  const PieceReader reader(result.page, network);
  for (std::size_t i = 0; i < found.lines.size(); ++i) {
    KnownLine known{.line = std::move(found.lines[i])};
    known.ways = read ? ways_to_divide(known.line, reader) : unread_ways(known.line, result.page);
    const std::size_t count = known.ways.candidates.size();
    known.likeness.resize(count);
    known.right.resize(count);
    known.digits.resize(count);
    for (const pages::WrittenDigit& digit : written.lines[i]) known.touching |= digit.touches;
    for (std::size_t k = 0; k < count; ++k) {
      if (known.ways.candidates[k].left_out) continue;
      const Box box = in_picture(known.ways.candidates[k].digit.piece.box, result.page.factor, written.picture);
      for (std::size_t digit = 0; digit < written.lines[i].size(); ++digit)
        if (const double same = likeness(box, written.lines[i][digit].box); same > known.likeness[k]) {
          known.likeness[k] = same;
          known.digits[k] = digit;
        }
    }
    find_right_way(known, written.lines[i].size());
    result.lines.push_back(std::move(known));
  }
  return result;
}

}  // namespace nib
