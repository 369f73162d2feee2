#include "images/several/splitting.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "images/several/costs.h"

namespace nib {
namespace {

void look_and_read(std::span<FoundDigit* const> digits, const PieceReader& reader, double height) {
  reader.look(digits, height);
  reader.read(digits);
}

std::vector<FoundDigit*> digits_in(std::span<Candidate* const> candidates) {
  std::vector<FoundDigit*> digits;
  for (Candidate* const candidate : candidates) digits.push_back(&candidate->digit);
  return digits;
}

/// Whether a fragment may be a digit, or a part of one with something near it.
bool may_belong(const Piece& fragment, const TextLine& line, std::size_t columns) {
  if (may_be_a_flat_digit(fragment, line.height)) return true;
  const auto is_near = [&](const Piece& piece) {
    return &piece != &fragment && may_be_parts(piece, fragment, line.height, columns);
  };
  return std::ranges::any_of(line.pieces, is_near) || std::ranges::any_of(line.fragments, is_near);
}

/// Pieces, and fragments that may belong to a digit, from left to right by their middles.
std::vector<FoundDigit> parts_of(const TextLine& line, std::size_t columns) {
  std::vector<FoundDigit> parts;
  for (const Piece& piece : line.pieces) parts.push_back({.piece = piece});
  for (const Piece& fragment : line.fragments)
    if (may_belong(fragment, line, columns)) parts.push_back({.piece = fragment});
  std::ranges::stable_sort(parts, {}, [](const FoundDigit& part) { return doubled_middle(part.piece.box); });
  return parts;
}

/// The cheapest way from the first border to the end.
DividedLine cheapest(std::vector<Candidate>& candidates, std::span<const double> costs_of, std::size_t borders) {
  std::vector<double> costs(borders + 1, std::numeric_limits<double>::max());
  std::vector<Candidate*> best(borders + 1);
  costs[0] = 0;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    Candidate& candidate = candidates[i];
    const double cost = costs[candidate.first] + costs_of[i];
    if (cost >= costs[candidate.last]) continue;
    costs[candidate.last] = cost;
    best[candidate.last] = &candidate;
  }
  DividedLine divided;
  for (std::size_t end = borders; end > 0; end = best[end]->first) {
    if (best[end]->left_out)
      ++divided.left_out;
    else
      divided.digits.push_back(std::move(best[end]->digit));
  }
  std::ranges::reverse(divided.digits);
  return divided;
}

}  // namespace

Ways ways_to_divide(const TextLine& line, const PieceReader& reader) {
  const std::size_t columns = reader.page().mask.columns;
  std::vector<FoundDigit> whole = parts_of(line, columns);
  std::vector<FoundDigit*> digits;
  for (FoundDigit& digit : whole)
    if (!is_low(digit.piece, line.height)) digits.push_back(&digit);
  look_and_read(digits, reader, line.height);
  const Costs costs(line.height);
  const std::vector<Border> borders = borders_of(line, whole, reader.page());
  Ways ways{.borders = borders.size(),
            .candidates = candidates_of(borders, whole, line.height, columns),
            .left_out = line.pieces.size() + line.fragments.size() - whole.size()};
  std::vector<Candidate*> likely;
  for (Candidate& candidate : ways.candidates)
    if (costs.worth_looking(candidate)) likely.push_back(&candidate);
  reader.look(digits_in(likely), line.height);
  std::erase_if(likely, [&](const Candidate* candidate) { return !costs.worth_reading(*candidate); });
  reader.read(digits_in(likely));
  return ways;
}

DividedLine digits_of(const TextLine& line, const PieceReader& reader) {
  Ways ways = ways_to_divide(line, reader);
  const Costs costs(line.height);
  // What is so unlikely that it was not read is taken only where there is nothing else.
  constexpr double last_resort = 100;
  std::vector<double> costs_of;
  for (const Candidate& candidate : ways.candidates) {
    double sum = cost(costs.of_shape(candidate));
    if (!candidate.left_out)
      sum += candidate.digit.probabilities.empty() ? last_resort : cost(costs.of_reading(candidate.digit));
    costs_of.push_back(sum);
  }
  DividedLine divided = cheapest(ways.candidates, costs_of, ways.borders);
  divided.left_out += ways.left_out;
  std::vector<FoundDigit*> digits;
  for (FoundDigit& digit : divided.digits) digits.push_back(&digit);
  look_and_read(digits, reader, line.height);
  return divided;
}

}  // namespace nib
