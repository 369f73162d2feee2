#include "support/painting.h"

#include <limits>
#include <numbers>

namespace nib::situations {

float inside_quad(const Quad& quad, Point at) {
  float least = std::numeric_limits<float>::max();
  for (std::size_t i = 0; i < 4; ++i) {
    const Point from = quad[i], to = quad[(i + 1) % 4];
    const float down = to.row - from.row, across = to.column - from.column;
    least =
        std::min(least, ((at.row - from.row) * across - (at.column - from.column) * down) / std::hypot(down, across));
  }
  return least;
}

float inside_box(Point first, Point last, Point at, float round_corner) {
  const float down = std::min(at.row - first.row, last.row - at.row),
              across = std::min(at.column - first.column, last.column - at.column);
  if (down >= round_corner || across >= round_corner) return std::min(down, across);
  return round_corner - std::hypot(round_corner - down, round_corner - across);
}

float inside_disc(Point middle, float radius, Point at) {
  return radius - std::hypot(at.row - middle.row, at.column - middle.column);
}

float inside_line(Point from, Point to, float width, Point at) {
  const float down = to.row - from.row, across = to.column - from.column;
  const float along = std::clamp(
      ((at.row - from.row) * down + (at.column - from.column) * across) / (down * down + across * across), 0.0F, 1.0F);
  return width / 2 - std::hypot(at.row - from.row - along * down, at.column - from.column - along * across);
}

ToSquare::ToSquare(const Quad& quad) {
  // P. Heckbert, "Fundamentals of Texture Mapping and Image Warping" (1989): unit square to quad, then its adjoint.
  const auto r = [&](std::size_t i) { return static_cast<double>(quad[i].row); };
  const auto c = [&](std::size_t i) { return static_cast<double>(quad[i].column); };
  const double sum_c = c(0) - c(1) + c(2) - c(3), sum_r = r(0) - r(1) + r(2) - r(3);
  const double dc1 = c(1) - c(2), dc2 = c(3) - c(2), dr1 = r(1) - r(2), dr2 = r(3) - r(2);
  const double determinant = dc1 * dr2 - dc2 * dr1;
  const double g = (sum_c * dr2 - dc2 * sum_r) / determinant, h = (dc1 * sum_r - sum_c * dr1) / determinant;
  const std::array<double, 9> m = {c(1) - c(0) + g * c(1),
                                   c(3) - c(0) + h * c(3),
                                   c(0),
                                   r(1) - r(0) + g * r(1),
                                   r(3) - r(0) + h * r(3),
                                   r(0),
                                   g,
                                   h,
                                   1};
  inverse_ = {m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
              m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
              m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3]};
}

Point ToSquare::operator()(Point at) const {
  const double x = static_cast<double>(at.column), y = static_cast<double>(at.row);
  const double w = inverse_[6] * x + inverse_[7] * y + inverse_[8];
  return {static_cast<float>((inverse_[3] * x + inverse_[4] * y + inverse_[5]) / w),
          static_cast<float>((inverse_[0] * x + inverse_[1] * y + inverse_[2]) / w)};
}

void shade(Field& picture, float loss, float angle) {
  for (std::size_t row = 0; row < picture.rows; ++row)
    for (std::size_t column = 0; column < picture.columns; ++column) {
      const float down = static_cast<float>(row) / static_cast<float>(picture.rows) - 0.5F,
                  across = static_cast<float>(column) / static_cast<float>(picture.columns) - 0.5F;
      const float along = (across * std::cos(angle) + down * std::sin(angle)) / std::numbers::sqrt2_v<float>;
      picture.at(row, column) *= 1 - loss * (0.5F + along);
    }
}

void add_noise(Field& picture, float deviation, Random& random) {
  for (float& value : picture.values) value += deviation * random.deviation();
}

GreyImage grey(const Field& picture) {
  GreyImage image{picture.rows, picture.columns, {}};
  for (const float value : picture.values)
    image.light.push_back(static_cast<std::uint8_t>(std::clamp(std::round(value), 0.0F, 255.0F)));
  return image;
}

}  // namespace nib::situations
