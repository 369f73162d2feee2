#include "images/preparation/surface.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <vector>

namespace nib {
namespace {

constexpr std::size_t terms = 6;
using Terms = std::array<double, terms>;

/// The middles of pixels, from -0.5 to 0.5.
std::vector<double> places(std::size_t count) {
  std::vector<double> result(count);
  for (std::size_t i = 0; i < count; ++i) result[i] = (static_cast<double>(i) + 0.5) / static_cast<double>(count) - 0.5;
  return result;
}

Terms terms_at(double y, double x) { return {1, x, y, x * x, x * y, y * y}; }

double value_at(const Terms& coefficients, const Terms& at) {
  double sum = 0;
  for (std::size_t i = 0; i < terms; ++i) sum += coefficients[i] * at[i];
  return sum;
}

/// The terms at a pixel, and its value.
using Factors = std::array<double, 8>;
constexpr std::size_t right = terms;  ///< where the value is

/// The normal equations of weighted least squares: the matrix, of which its upper half is kept, and the right side.
struct Equations {
  std::array<Factors, terms> rows{};

  /// Adds a row of pixels.
  void add(std::span<const Factors> pixels, std::span<const double> weights) {
    add_to_two<0>(pixels, weights);
    add_to_two<2>(pixels, weights);
    add_to_two<4>(pixels, weights);
  }

  /// To two rows, from the first one's diagonal on: as many sums as stay in the processor's registers.
  template <std::size_t First>
  void add_to_two(std::span<const Factors> pixels, std::span<const double> weights) {
    constexpr std::size_t width = terms + 2 - First;
    std::array<double, width> upper{}, lower{};
    std::copy_n(rows[First].begin() + First, width, upper.begin());
    std::copy_n(rows[First + 1].begin() + First, width, lower.begin());
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      const double one = weights[i] * pixels[i][First], other = weights[i] * pixels[i][First + 1];
      for (std::size_t j = 0; j < width; ++j) {
        upper[j] += one * pixels[i][First + j];
        lower[j] += other * pixels[i][First + j];
      }
    }
    std::copy_n(upper.begin(), width, rows[First].begin() + First);
    std::copy_n(lower.begin(), width, rows[First + 1].begin() + First);
  }

  /// Gaussian elimination on the upper half, of which the lower one is the mirror image. The matrix is positive
  /// definite thanks to a small ridge, so that no pivoting is needed; the ridge also settles images too small for all
  /// six terms.
  Terms solve() {
    for (std::size_t i = 0; i < terms; ++i) rows[i][i] += 1e-6 * rows[0][0];
    for (std::size_t pivot = 0; pivot < terms; ++pivot)
      for (std::size_t i = pivot + 1; i < terms; ++i) {
        const double ratio = rows[pivot][i] / rows[pivot][pivot];
        for (std::size_t j = i; j <= right; ++j) rows[i][j] -= ratio * rows[pivot][j];
      }
    Terms solution{};
    for (std::size_t i = terms; i-- > 0;) {
      double rest = rows[i][right];
      for (std::size_t j = i + 1; j < terms; ++j) rest -= rows[i][j] * solution[j];
      solution[i] = rest / rows[i][i];
    }
    return solution;
  }
};

/// `weight(row, column)` is that of a pixel, 0 for those that are left out.
template <typename Weight>
Field surface_through(const Field& field, const Weight& weight) {
  constexpr int rounds = 8;                // of reweighting; the surface moves little after that
  constexpr double smallest_distance = 1;  // levels of light: below, all distances weigh alike
  const std::vector<double> down = places(field.rows), across = places(field.columns);
  Terms coefficients{};
  std::vector<double> weights(field.columns);
  std::vector<Factors> pixels(field.columns);
  for (int round = 0; round < rounds; ++round) {
    Equations equations;
    for (std::size_t row = 0; row < field.rows; ++row) {
      const std::span<const float> values = field.row(row);
      for (std::size_t column = 0; column < field.columns; ++column) {
        const Terms at = terms_at(down[row], across[column]);
        const double value = values[column];
        const double distance = round ? std::abs(value - value_at(coefficients, at)) : 0;
        weights[column] = weight(row, column) / std::max(smallest_distance, distance);
        pixels[column] = {at[0], at[1], at[2], at[3], at[4], at[5], value, 0};
      }
      equations.add(pixels, weights);
    }
    coefficients = equations.solve();
  }
  Field surface = field_of(field.rows, field.columns);
  for (std::size_t row = 0; row < field.rows; ++row) {
    const std::span<float> values = surface.row(row);
    for (std::size_t column = 0; column < field.columns; ++column)
      values[column] = static_cast<float>(value_at(coefficients, terms_at(down[row], across[column])));
  }
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

CoarseGround coarse_ground(const Field& light) {
  constexpr std::size_t side = 48;
  CoarseGround ground{.factor = (std::max(light.rows, light.columns) + side - 1) / side};
  ground.light = reduced(light, ground.factor);
  ground.surface = background_surface(ground.light);
  return ground;
}

}  // namespace nib
