#include "images/several/splitting.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "images/several/costs.h"

namespace nib {
namespace {

void look_and_read(std::span<FoundDigit> digits, const PieceReader& reader, double height) {
  std::vector<FoundDigit*> all;
  for (FoundDigit& digit : digits) all.push_back(&digit);
  reader.look(all, height);
  reader.read(all);
}

/// Some write a 2 or an 8 so flat that it is lower than half of the others. Bars and dashes are lower still.
bool may_be_a_flat_digit(const Piece& fragment, double height) {
  constexpr double rows = 0.3, columns = 0.45;  // of the height
  return static_cast<double>(fragment.box.rows) >= rows * height &&
         static_cast<double>(fragment.box.columns) >= columns * height;
}

/// Puts a piece between those left and right of its middle.
void insert(Piece piece, std::vector<FoundDigit>& digits) {
  const auto doubled_middle = [](const Box& box) { return 2 * box.column + box.columns; };
  const auto behind = std::ranges::find_if(
      digits, [&](const FoundDigit& digit) { return doubled_middle(digit.piece.box) > doubled_middle(piece.box); });
  digits.insert(behind, {.piece = std::move(piece)});
}

/// Gives each fragment to the digit near it that becomes a better one by it; else it is a digit of its own or is
/// dropped. How many it dropped.
std::size_t add_fragments(std::vector<FoundDigit>& digits, const TextLine& line, const PieceReader& reader,
                          const Costs& costs) {
  constexpr double nearby = 0.3;  // of the height
  constexpr double drop_cost = 2, away_cost = 8;
  std::size_t dropped = 0;
  for (const Piece& fragment : line.fragments) {
    std::vector<std::size_t> owners;
    std::vector<FoundDigit> with;
    std::vector<double> away;
    for (std::size_t i = 0; i < digits.size(); ++i) {
      const Piece& piece = digits[i].piece;
      if (static_cast<double>(box_gap(piece.box, fragment.box)) > nearby * line.height) continue;
      const double far = distance(piece, fragment, reader.page().mask.columns) / line.height;
      if (far > nearby) continue;
      owners.push_back(i);
      away.push_back(far);
      with.push_back({.piece = piece});
      join(with.back().piece, fragment);
    }
    look_and_read(with, reader, line.height);
    double least = drop_cost;
    std::size_t best = owners.size();
    for (std::size_t k = 0; k < owners.size(); ++k) {
      const double change = costs.of_digit(with[k]) - costs.of_digit(digits[owners[k]]) + away_cost * away[k];
      if (change >= least) continue;
      least = change;
      best = k;
    }
    if (best < owners.size()) {
      digits[owners[best]] = std::move(with[best]);
    } else if (may_be_a_flat_digit(fragment, line.height)) {
      insert(fragment, digits);
      look_and_read(digits, reader, line.height);
    } else {
      ++dropped;
    }
  }
  return dropped;
}

/// The cheapest way from the first border to the end.
std::vector<FoundDigit> cheapest(std::vector<Candidate>& candidates, std::span<const double> costs_of,
                                 std::size_t borders) {
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
  std::vector<FoundDigit> digits;
  for (std::size_t end = borders; end > 0; end = best[end]->first) digits.push_back(std::move(best[end]->digit));
  std::ranges::reverse(digits);
  return digits;
}

}  // namespace

Ways ways_to_divide(const TextLine& line, const PieceReader& reader) {
  std::vector<FoundDigit> whole;
  for (const Piece& piece : line.pieces) whole.push_back({.piece = piece});
  if (whole.empty()) return {};
  look_and_read(whole, reader, line.height);
  const Costs costs(line.height);
  const std::size_t left_out = add_fragments(whole, line, reader, costs);
  const std::vector<Border> borders = borders_of(line, whole, reader.page());
  Ways ways{.borders = borders.size(),
            .candidates = candidates_of(borders, whole, line.height, reader.page().mask.columns),
            .left_out = left_out};
  std::vector<FoundDigit*> worth_looking, worth_reading;
  for (Candidate& candidate : ways.candidates)
    if (costs.worth_reading(candidate)) worth_looking.push_back(&candidate.digit);
  reader.look(worth_looking, line.height);
  for (Candidate& candidate : ways.candidates)
    if (costs.worth_reading(candidate)) worth_reading.push_back(&candidate.digit);
  reader.read(worth_reading);
  return ways;
}

DividedLine digits_of(const TextLine& line, const PieceReader& reader) {
  Ways ways = ways_to_divide(line, reader);
  const Costs costs(line.height);
  // What is so unlikely in shape that it was not read is taken only where there is nothing else.
  constexpr double last_resort = 100;
  std::vector<double> costs_of;
  for (const Candidate& candidate : ways.candidates)
    costs_of.push_back(cost(costs.of_shape(candidate)) +
                       (candidate.digit.probabilities.empty() ? last_resort : cost(costs.of_reading(candidate.digit))));
  DividedLine divided{cheapest(ways.candidates, costs_of, ways.borders), ways.left_out};
  look_and_read(divided.digits, reader, line.height);
  return divided;
}

}  // namespace nib
