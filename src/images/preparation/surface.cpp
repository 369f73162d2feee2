#include "images/preparation/surface.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nib {
namespace {

constexpr std::size_t terms = 6;
using Terms = std::array<double, terms>;

Terms terms_at(const Field& field, std::size_t row, std::size_t column) {
  const double y = (static_cast<double>(row) + 0.5) / static_cast<double>(field.rows) - 0.5,
               x = (static_cast<double>(column) + 0.5) / static_cast<double>(field.columns) - 0.5;
  return {1, x, y, x * x, x * y, y * y};
}

double value_at(const Terms& coefficients, const Terms& at) {
  double sum = 0;
  for (std::size_t i = 0; i < terms; ++i) sum += coefficients[i] * at[i];
  return sum;
}

/// The normal equations of weighted least squares: matrix and right side.
struct Equations {
  std::array<Terms, terms> matrix{};
  Terms right{};

  void add(const Terms& at, double value, double weight) {
    for (std::size_t i = 0; i < terms; ++i) {
      for (std::size_t j = i; j < terms; ++j) matrix[i][j] += weight * at[i] * at[j];
      right[i] += weight * at[i] * value;
    }
  }

  /// Gaussian elimination on the upper half, of which the lower one is the mirror image. The matrix is positive
  /// definite thanks to a small ridge, so that no pivoting is needed; the ridge also settles images too small for all
  /// six terms.
  Terms solve() {
    for (std::size_t i = 0; i < terms; ++i) matrix[i][i] += 1e-6 * matrix[0][0];
    for (std::size_t pivot = 0; pivot < terms; ++pivot)
      for (std::size_t i = pivot + 1; i < terms; ++i) {
        const double ratio = matrix[pivot][i] / matrix[pivot][pivot];
        for (std::size_t j = i; j < terms; ++j) matrix[i][j] -= ratio * matrix[pivot][j];
        right[i] -= ratio * right[pivot];
      }
    Terms solution{};
    for (std::size_t i = terms; i-- > 0;) {
      double rest = right[i];
      for (std::size_t j = i + 1; j < terms; ++j) rest -= matrix[i][j] * solution[j];
      solution[i] = rest / matrix[i][i];
    }
    return solution;
  }
};

/// `weight(row, column)` is that of a pixel, 0 for those that are left out.
template <typename Weight>
Field surface_through(const Field& field, const Weight& weight) {
  constexpr int rounds = 8;                // of reweighting; the surface moves little after that
  constexpr double smallest_distance = 1;  // levels of light: below, all distances weigh alike
  Field surface = field;
  Terms coefficients{};
  for (int round = 0; round < rounds; ++round) {
    Equations equations;
    for (std::size_t row = 0; row < field.rows; ++row)
      for (std::size_t column = 0; column < field.columns; ++column) {
        const double own = weight(row, column);
        if (own == 0) continue;
        const Terms at = terms_at(field, row, column);
        const double value = field.at(row, column);
        const double distance = round ? std::abs(value - value_at(coefficients, at)) : 0;
        equations.add(at, value, own / std::max(smallest_distance, distance));
      }
    coefficients = equations.solve();
  }
  for (std::size_t row = 0; row < field.rows; ++row)
    for (std::size_t column = 0; column < field.columns; ++column)
      surface.at(row, column) = static_cast<float>(value_at(coefficients, terms_at(field, row, column)));
  return surface;
}

}  // namespace

Field background_surface(const Field& field) {
  const auto on_border = [&](std::size_t row, std::size_t column) {
    return row == 0 || column == 0 || row + 1 == field.rows || column + 1 == field.columns;
  };
  const double border = static_cast<double>(2 * (field.rows + field.columns));
  const double border_weight = std::max(1.0, 3 * static_cast<double>(field.values.size()) / border);
  return surface_through(
      field, [&](std::size_t row, std::size_t column) { return on_border(row, column) ? border_weight : 1.0; });
}

Field background_surface(const Field& field, const Mask& known) {
  return surface_through(
      field, [&](std::size_t row, std::size_t column) { return static_cast<double>(known.at(row, column)); });
}

}  // namespace nib
