#include "images/several/fit_costs.h"

#include <fmt/core.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace nib {
namespace {

double log_sum(double one, double other) {
  if (one < other) std::swap(one, other);
  return std::isinf(one) ? one : one + std::log1p(std::exp(other - one));
}

double dot(const Figures& one, const Figures& other) {
  return std::inner_product(one.begin(), one.end(), other.begin(), 0.0);
}

void add(Figures& sum, double times, const Figures& figures) {
  for (std::size_t i = 0; i < figure_count; ++i) sum[i] += times * figures[i];
}

/// Adds `times` the gradient of the log of the sum over all ways, or of those that are good, and returns that log.
double add_log_sum(const FiguredLine& line, const std::vector<double>& costs, bool only_good, double times,
                   Figures& gradient) {
  constexpr double never = -std::numeric_limits<double>::infinity();
  std::vector<double> before(line.borders + 1, never), behind(line.borders + 1, never);
  before[0] = 0;
  behind[line.borders] = 0;
  const auto counts = [&](const FiguredLine::Piece& piece) { return piece.good || !only_good; };
  for (std::size_t i = 0; i < costs.size(); ++i) {
    const FiguredLine::Piece& piece = line.pieces[i];
    if (counts(piece)) before[piece.last] = log_sum(before[piece.last], before[piece.first] - costs[i]);
  }
  for (std::size_t i = costs.size(); i-- > 0;) {
    const FiguredLine::Piece& piece = line.pieces[i];
    if (counts(piece)) behind[piece.first] = log_sum(behind[piece.first], behind[piece.last] - costs[i]);
  }
  const double all = before[line.borders];
  for (std::size_t i = 0; i < costs.size(); ++i) {
    const FiguredLine::Piece& piece = line.pieces[i];
    if (!counts(piece)) continue;
    const double part = std::exp(before[piece.first] - costs[i] + behind[piece.last] - all);
    if (part > 0) add(gradient, -times * part, piece.figures);
  }
  return all;
}

/// -log of the probability that the way is a good one; adds its gradient.
double loss_of(const FiguredLine& line, const Figures& weights, Figures& gradient) {
  std::vector<double> costs;
  for (const FiguredLine::Piece& piece : line.pieces) costs.push_back(dot(weights, piece.figures));
  return add_log_sum(line, costs, false, 1, gradient) - add_log_sum(line, costs, true, -1, gradient);
}

}  // namespace

FiguredLine figured(const KnownLine& known) {
  FiguredLine line{.borders = known.ways.borders};
  if (!known.can_be_right) return {};
  constexpr double as_good = 0.85;  // of a box, shared with the right one's: the cut beside the right one does as well
  const Costs costs(known.line.height);
  for (std::size_t i = 0; i < known.ways.candidates.size(); ++i) {
    const Candidate& candidate = known.ways.candidates[i];
    if (candidate.digit.probabilities.empty() && !candidate.left_out) {
      if (known.right[i]) return {};
      continue;
    }
    FiguredLine::Piece piece{candidate.first, candidate.last, known.right[i] || known.likeness[i] > as_good,
                             costs.of_shape(candidate)};
    if (!candidate.left_out) add(piece.figures, 1, costs.of_reading(candidate.digit));
    line.pieces.push_back(piece);
  }
  return line;
}

Figures fitted_weights(const std::vector<FiguredLine>& lines, std::size_t steps) {
  constexpr double penalty = 0.02, first_rate = 0.2, beta1 = 0.9, beta2 = 0.99;
  Figures weights{}, mean{}, square{};
  for (std::size_t step = 1; step <= steps; ++step) {
    Figures gradient{};
    double loss = 0;
    for (const FiguredLine& line : lines)
      if (!line.pieces.empty()) loss += loss_of(line, weights, gradient);
    loss += penalty * dot(weights, weights);
    add(gradient, 2 * penalty, weights);
    const double part = static_cast<double>(step) / static_cast<double>(steps);
    for (std::size_t i = 0; i < figure_count; ++i) {
      mean[i] += (1 - beta1) * (gradient[i] - mean[i]);
      square[i] += (1 - beta2) * (gradient[i] * gradient[i] - square[i]);
      const double direction =
          mean[i] / (1 - std::pow(beta1, step)) / (std::sqrt(square[i] / (1 - std::pow(beta2, step))) + 1e-9);
      weights[i] -= first_rate * (1 - part) * direction;
    }
    if (step % 50 == 0) fmt::print(stderr, "step {}: loss {:.3f}\n", step, loss);
  }
  return weights;
}

}  // namespace nib
