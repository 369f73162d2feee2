#include "images/several/splitting.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "images/preparation/digit_image.h"
#include "images/several/cuts.h"

namespace nib {
namespace {

constexpr double cut_cost = 1.5, stroke_cost = 0.8, join_cost = 4, gap_cost = 25;
constexpr double usual_width = 1, wide_deviation = 0.1;            ///< in heights, as all that follows
constexpr double widest_one = 0.8;                                 ///< of class 1
constexpr double narrowest_other = 0.42, narrow_deviation = 0.06;  ///< of all other classes
constexpr double lowest = 0.7, low_deviation = 0.1, tallest = 1.12, tall_deviation = 0.08;
constexpr double widest = 1.5;         ///< parts that are wider together are no digit
constexpr std::size_t most_parts = 8;  ///< of one digit
constexpr double narrow = 0.75;        ///< what is narrower and surely a digit is not cut
constexpr float sure = 0.9F;
constexpr double never_mind = 9;  ///< cost of a shape from which on it is not worth reading
constexpr std::size_t classes_of_digits = 10;

/// Neighbouring parts as one digit.
struct Candidate {
  std::size_t first = 0, last = 0;  ///< atoms [first, last)
  FoundDigit digit{};
  double cost = 0;
};

/// The ink of a piece alone, in a field of its box and a pixel around it. A pixel beside it counts as its soft edge
/// unless it is ink itself, which then is another piece's.
NetworkImage image_of(const Piece& piece, const Page& page, std::size_t rows, std::size_t columns) {
  constexpr std::size_t edge = 1;
  const Box& box = piece.box;
  const std::size_t top = box.row - std::min(edge, box.row), left = box.column - std::min(edge, box.column);
  const std::size_t bottom = std::min(page.mask.rows, piece.bottom() + edge),
                    right = std::min(page.mask.columns, piece.right() + edge);
  Mask mask{bottom - top, right - left, std::vector<std::uint8_t>((bottom - top) * (right - left))};
  for (const std::uint32_t pixel : piece.pixels)
    mask.at(pixel / page.mask.columns - top, pixel % page.mask.columns - left) = 1;
  Field ink = field_of(mask.rows, mask.columns);
  for (std::size_t row = 0; row < mask.rows; ++row)
    for (std::size_t column = 0; column < mask.columns; ++column)
      if (mask.at(row, column) || !page.mask.at(top + row, left + column))
        ink.at(row, column) = page.ink.at(top + row, left + column);
  const Box inside{box.row - top, box.column - left, box.rows, box.columns};
  return digit_image(ink_of_digit(ink, mask, inside, page.levels.core), inside,
                     page.levels.threshold / page.levels.core, rows, columns);
}

class LineReader {
 public:
  LineReader(const Page& page, const DigitReader& read, std::size_t rows, std::size_t columns)
      : page_(page), read_(read), rows_(rows), columns_(columns) {}

  void operator()(std::span<FoundDigit* const> digits) const {
    if (digits.empty()) return;
    std::vector<NetworkImage> images;
    for (const FoundDigit* digit : digits) images.push_back(image_of(digit->piece, page_, rows_, columns_));
    const std::vector<float> all = read_(images);
    const std::size_t classes = all.size() / images.size();
    for (std::size_t i = 0; i < images.size(); ++i) {
      const std::span<const float> own = std::span(all).subspan(i * classes, classes);
      digits[i]->probabilities.assign(own.begin(), own.end());
    }
  }

 private:
  const Page& page_;
  const DigitReader& read_;
  std::size_t rows_, columns_;
};

float likeliest(const FoundDigit& digit) { return std::ranges::max(digit.probabilities); }

double beyond(double by, double deviation) { return by > 0 ? by * by / (2 * deviation * deviation) : 0; }

/// What speaks against a digit of this shape.
double shape_cost(const Piece& piece, double height) {
  const double width = static_cast<double>(piece.box.columns) / height,
               high = static_cast<double>(piece.box.rows) / height;
  return beyond(width - usual_width, wide_deviation) + beyond(lowest - high, low_deviation) +
         beyond(high - tallest, tall_deviation);
}

/// What speaks against the class for which most speaks. Of ten classes the second is the 1, which is narrow.
double reading_cost(const FoundDigit& digit, double height) {
  constexpr float least_probability = 1e-6F;
  const double width = static_cast<double>(digit.piece.box.columns) / height;
  double least = std::numeric_limits<double>::max();
  for (std::size_t k = 0; k < digit.probabilities.size(); ++k) {
    double cost = -std::log(static_cast<double>(std::max(least_probability, digit.probabilities[k])));
    if (digit.probabilities.size() == classes_of_digits)
      cost += k == 1 ? beyond(width - widest_one, wide_deviation) : beyond(narrowest_other - width, narrow_deviation);
    least = std::min(least, cost);
  }
  return least;
}

double cost_of(const FoundDigit& digit, double height) {
  return shape_cost(digit.piece, height) + reading_cost(digit, height);
}

/// Gives each fragment to the digit near it that becomes a better one by it, or drops it.
std::vector<Piece> with_fragments(const TextLine& line, const LineReader& read, std::size_t columns) {
  constexpr double nearby = 0.3;  // of the height
  constexpr double drop_cost = 1, away_cost = 4;
  std::vector<Piece> pieces = line.pieces;
  for (const Piece& fragment : line.fragments) {
    std::vector<std::size_t> owners;
    std::vector<FoundDigit> digits;  // without and with it in turns
    std::vector<double> away;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (static_cast<double>(box_gap(pieces[i].box, fragment.box)) > nearby * line.height) continue;
      away.push_back(distance(pieces[i], fragment, columns) / line.height);
      if (away.back() > nearby) {
        away.pop_back();
        continue;
      }
      owners.push_back(i);
      digits.push_back({.piece = pieces[i]});
      digits.push_back({.piece = pieces[i]});
      join(digits.back().piece, fragment);
    }
    std::vector<FoundDigit*> unread;
    for (FoundDigit& digit : digits) unread.push_back(&digit);
    read(unread);
    double least = drop_cost;
    std::size_t best = pieces.size();
    for (std::size_t k = 0; k < owners.size(); ++k) {
      const double change =
          cost_of(digits[2 * k + 1], line.height) - cost_of(digits[2 * k], line.height) + away_cost * away[k];
      if (change >= least) continue;
      least = change;
      best = owners[k];
    }
    if (best < pieces.size()) join(pieces[best], fragment);
  }
  return pieces;
}

/// Of parts [first, last): the blanks between them.
double join_costs(const Atoms& atoms, std::size_t first, std::size_t last, double height) {
  double cost = 0;
  std::size_t right = atoms.pieces[first].right();
  for (std::size_t i = first + 1; i < last; ++i) {
    const Piece& piece = atoms.pieces[i];
    if (piece.component != atoms.pieces[i - 1].component) {
      const double blank = piece.box.column > right ? static_cast<double>(piece.box.column - right) : 0;
      cost += join_cost + gap_cost * blank / height;
    }
    right = std::max(right, piece.right());
  }
  return cost;
}

/// The line's pieces, those cut that may be more than one digit.
Atoms atoms_of(const TextLine& line, std::span<const FoundDigit> whole, const Page& page) {
  const double stroke = stroke_width(line.pieces, page.mask);
  Atoms atoms;
  for (const FoundDigit& digit : whole) {
    const bool clear = static_cast<double>(digit.piece.box.columns) < narrow * line.height && likeliest(digit) >= sure;
    Atoms parts = clear ? Atoms{{digit.piece}, {0}} : cut(digit.piece, line.height, stroke, page.mask.columns);
    for (std::size_t i = 0; i < parts.pieces.size(); ++i) {
      atoms.cut_ink.push_back(parts.cut_ink[i] / stroke);
      atoms.pieces.push_back(std::move(parts.pieces[i]));
    }
  }
  return atoms;
}

std::vector<Candidate> candidates_of(const Atoms& atoms, double height) {
  std::vector<Candidate> candidates;
  for (std::size_t first = 0; first < atoms.pieces.size(); ++first) {
    Piece piece = atoms.pieces[first];
    for (std::size_t last = first + 1; last <= std::min(atoms.pieces.size(), first + most_parts); ++last) {
      if (last > first + 1) join(piece, atoms.pieces[last - 1]);
      // A component that is wide as a whole must not be lost where it has no seam.
      if (last > first + 1 && static_cast<double>(piece.box.columns) > widest * height) break;
      Candidate candidate{.first = first, .last = last};
      candidate.digit.piece = piece;
      candidate.cost = shape_cost(piece, height) + join_costs(atoms, first, last, height);
      if (atoms.cut_ink[first] > 0) candidate.cost += cut_cost + stroke_cost * atoms.cut_ink[first];
      candidates.push_back(std::move(candidate));
    }
  }
  return candidates;
}

/// The cheapest way from the first atom to the last.
std::vector<FoundDigit> cheapest(std::vector<Candidate> candidates, std::size_t atoms) {
  std::vector<double> costs(atoms + 1, std::numeric_limits<double>::max());
  std::vector<Candidate*> best(atoms + 1);
  costs[0] = 0;
  for (Candidate& candidate : candidates) {  // by their first atoms
    const double cost = costs[candidate.first] + candidate.cost;
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

std::vector<FoundDigit> digits_of(const TextLine& line, const Page& page, const DigitReader& read, std::size_t rows,
                                  std::size_t columns) {
  const LineReader read_digits(page, read, rows, columns);
  std::vector<FoundDigit> whole;
  for (Piece& piece : with_fragments(line, read_digits, page.mask.columns))
    whole.push_back({.piece = std::move(piece)});
  std::vector<FoundDigit*> unread;
  for (FoundDigit& digit : whole) unread.push_back(&digit);
  read_digits(unread);

  const Atoms atoms = atoms_of(line, whole, page);
  std::vector<Candidate> candidates = candidates_of(atoms, line.height);
  unread.clear();
  for (Candidate& candidate : candidates)
    if (candidate.cost < never_mind) unread.push_back(&candidate.digit);
  read_digits(unread);
  for (Candidate& candidate : candidates)
    if (candidate.cost < never_mind) candidate.cost += reading_cost(candidate.digit, line.height);
  std::vector<FoundDigit> digits = cheapest(std::move(candidates), atoms.pieces.size());
  unread.clear();
  for (FoundDigit& digit : digits)
    if (digit.probabilities.empty()) unread.push_back(&digit);
  read_digits(unread);
  return digits;
}

}  // namespace nib
