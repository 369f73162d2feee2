#include "images/several/splitting.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "images/several/costs.h"
#include "images/several/cuts.h"

namespace nib {
namespace {

constexpr double widest = 1.5;         ///< in heights of a digit; parts that are wider together are no digit
constexpr std::size_t most_parts = 8;  ///< of one digit
constexpr double narrow = 0.45;        ///< in heights; what is narrower and surely a digit is not cut
constexpr float sure = 0.9F;
constexpr double never_mind = 6;  ///< cost of a shape from which on it is not worth reading

void read_all(std::span<FoundDigit> digits, const PieceReader& read) {
  std::vector<FoundDigit*> unread;
  for (FoundDigit& digit : digits) unread.push_back(&digit);
  read(unread);
}

/// Gives each fragment to the digit near it that becomes a better one by it, or drops it.
void add_fragments(std::vector<FoundDigit>& digits, const TextLine& line, const PieceReader& read, const Costs& costs) {
  constexpr double nearby = 0.3;  // of the height
  constexpr double drop_cost = 2, away_cost = 8;
  const auto cost = [&](const FoundDigit& digit) { return costs.of_box(digit.piece.box) + costs.of_reading(digit); };
  for (const Piece& fragment : line.fragments) {
    std::vector<std::size_t> owners;
    std::vector<FoundDigit> with;
    std::vector<double> away;
    for (std::size_t i = 0; i < digits.size(); ++i) {
      const Piece& piece = digits[i].piece;
      if (static_cast<double>(box_gap(piece.box, fragment.box)) > nearby * line.height) continue;
      const double far = distance(piece, fragment, read.page().mask.columns) / line.height;
      if (far > nearby) continue;
      owners.push_back(i);
      away.push_back(far);
      with.push_back({.piece = piece});
      join(with.back().piece, fragment);
    }
    read_all(with, read);
    double least = drop_cost;
    std::size_t best = owners.size();
    for (std::size_t k = 0; k < owners.size(); ++k) {
      const double change = cost(with[k]) - cost(digits[owners[k]]) + away_cost * away[k];
      if (change >= least) continue;
      least = change;
      best = k;
    }
    if (best < owners.size()) digits[owners[best]] = std::move(with[best]);
  }
}

/// The line's pieces, those cut that may be more than one digit.
struct Parts {
  Atoms atoms{};                      ///< ink that was cut in widths of a stroke
  std::vector<std::size_t> firsts{};  ///< a piece: its first atom
};

Parts parts_of(const TextLine& line, std::span<const FoundDigit> whole, const Page& page) {
  const double stroke = stroke_width(line.pieces, page.mask);
  Parts parts;
  for (const FoundDigit& digit : whole) {
    const bool clear = static_cast<double>(digit.piece.box.columns) < narrow * line.height &&
                       std::ranges::max(digit.probabilities) >= sure;
    Atoms own = clear ? Atoms{{digit.piece}, {0}} : cut(digit.piece, line.height, stroke, page.mask.columns);
    parts.firsts.push_back(parts.atoms.pieces.size());
    for (std::size_t i = 0; i < own.pieces.size(); ++i) {
      parts.atoms.cut_ink.push_back(own.cut_ink[i] / stroke);
      parts.atoms.pieces.push_back(std::move(own.pieces[i]));
    }
  }
  return parts;
}

/// All ways to put neighbouring parts together, by their first parts.
std::vector<Candidate> candidates_of(const Atoms& atoms, double height) {
  std::vector<Candidate> candidates;
  for (std::size_t first = 0; first < atoms.pieces.size(); ++first) {
    Candidate candidate{.first = first, .cut_ink = atoms.cut_ink[first]};
    Piece& piece = candidate.digit.piece;
    for (std::size_t last = first + 1; last <= std::min(atoms.pieces.size(), first + most_parts); ++last) {
      const Piece& added = atoms.pieces[last - 1];
      if (last == first + 1) {
        piece = added;
      } else {
        const double inside = atoms.cut_ink[last - 1];
        candidate.joined |= added.component != atoms.pieces[last - 2].component;
        if (inside > 0 && (candidate.least_inside == 0 || inside < candidate.least_inside))
          candidate.least_inside = inside;
        join(piece, added);
        // A component that is wide as a whole must not be lost where it has no seam.
        if (static_cast<double>(piece.box.columns) > widest * height) break;
      }
      candidate.last = last;
      candidates.push_back(candidate);
    }
  }
  return candidates;
}

/// What was read of whole pieces is not read again.
void keep_readings(std::vector<Candidate>& candidates, std::vector<FoundDigit>& whole, const Parts& parts) {
  for (Candidate& candidate : candidates) {
    const auto at = std::ranges::lower_bound(parts.firsts, candidate.first);
    if (at == parts.firsts.end() || *at != candidate.first) continue;
    const std::size_t end = at + 1 == parts.firsts.end() ? parts.atoms.pieces.size() : *(at + 1);
    if (candidate.last == end) candidate.digit = std::move(whole[static_cast<std::size_t>(at - parts.firsts.begin())]);
  }
}

/// The cheapest way from the first atom to the last.
std::vector<FoundDigit> cheapest(std::vector<Candidate>& candidates, std::span<const double> costs_of,
                                 std::size_t atoms) {
  std::vector<double> costs(atoms + 1, std::numeric_limits<double>::max());
  std::vector<Candidate*> best(atoms + 1);
  costs[0] = 0;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    Candidate& candidate = candidates[i];
    const double cost = costs[candidate.first] + costs_of[i];
    if (cost >= costs[candidate.last]) continue;
    costs[candidate.last] = cost;
    best[candidate.last] = &candidate;
  }
  std::vector<FoundDigit> digits;
  for (std::size_t end = atoms; end > 0; end = best[end]->first) digits.push_back(std::move(best[end]->digit));
  std::ranges::reverse(digits);
  return digits;
}

}  // namespace

std::vector<FoundDigit> digits_of(const TextLine& line, const PieceReader& read) {
  std::vector<FoundDigit> whole;
  for (const Piece& piece : line.pieces) whole.push_back({.piece = piece});
  if (whole.empty()) return {};
  read_all(whole, read);
  const Costs costs(line.height);
  add_fragments(whole, line, read, costs);
  const Parts parts = parts_of(line, whole, read.page());
  std::vector<Candidate> candidates = candidates_of(parts.atoms, line.height);
  keep_readings(candidates, whole, parts);

  std::vector<double> costs_of;
  std::vector<FoundDigit*> worth_reading;
  for (Candidate& candidate : candidates) {
    costs_of.push_back(costs.of_shape(candidate));
    if (costs_of.back() < never_mind) worth_reading.push_back(&candidate.digit);
  }
  read(worth_reading);
  // What is so unlikely in shape that it was not read is taken only where there is nothing else.
  constexpr double last_resort = 100;
  for (std::size_t i = 0; i < candidates.size(); ++i)
    costs_of[i] += candidates[i].digit.probabilities.empty() ? last_resort : costs.of_reading(candidates[i].digit);
  std::vector<FoundDigit> digits = cheapest(candidates, costs_of, parts.atoms.pieces.size());
  read_all(digits, read);
  return digits;
}

}  // namespace nib
