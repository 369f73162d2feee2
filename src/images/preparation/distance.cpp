#include "images/preparation/distance.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace nib {
namespace {

constexpr float far_away = 1e12F;  // squared; more than any image's diagonal

/// The lower envelope of parabolas: result[x] = min over q of (x - q)^2 + squares[q].
class Envelope {
 public:
  explicit Envelope(std::size_t length) : parabolas_(length) {}

  void replace(std::span<float> squares) {
    build(squares);
    float x = 0;
    for (std::size_t k = 0; float& square : squares) {
      while (k + 1 < count_ && parabolas_[k + 1].begin <= x) ++k;
      const float step = x - parabolas_[k].vertex;
      square = step * step + parabolas_[k].square;
      ++x;
    }
  }

 private:
  struct Parabola {
    float vertex, square;  ///< q, squares[q]
    float height;          ///< at 0
    float begin;           ///< from where on it is the lowest
  };

  /// Where parabola `q` begins to lie below `p`, which is left of it.
  static float meeting(const Parabola& p, const Parabola& q) {
    return (q.height - p.height) / (2 * (q.vertex - p.vertex));
  }
  void build(std::span<const float> squares) {
    count_ = 0;
    float vertex = 0;
    for (const float square : squares) {
      const float at = vertex++;
      if (square >= far_away) continue;
      Parabola q{.vertex = at, .square = square, .height = square + at * at, .begin = 0};
      if (count_ > 0) q.begin = meeting(parabolas_[count_ - 1], q);
      for (; count_ > 1 && q.begin <= parabolas_[count_ - 1].begin; q.begin = meeting(parabolas_[count_ - 1], q))
        --count_;
      parabolas_[count_++] = q;
    }
    if (count_ == 0) parabolas_[count_++] = {.vertex = 0, .square = squares.front(), .height = 0, .begin = 0};
  }

  std::vector<Parabola> parabolas_;
  std::size_t count_ = 0;
};

/// Squared distance of each pixel to the nearest one whose mask is `value`.
Field squared_distance(const Mask& mask, std::uint8_t value) {
  constexpr float none = 1e6F;  // more than any image's side: its square is far away
  Field result = field_of(mask.rows, mask.columns);
  std::ranges::transform(mask.set, result.values.begin(),
                         [value](std::uint8_t pixel) { return pixel == value ? 0 : none; });
  // Up and down first: counted on from row to row, all columns side by side.
  const auto go_on = [&](std::size_t from, std::size_t to) {
    const float* const before = result.row(from).data();
    float* const distance = result.row(to).data();
    for (std::size_t column = 0; column < mask.columns; ++column)
      distance[column] = distance[column] < before[column] + 1 ? distance[column] : before[column] + 1;
  };
  for (std::size_t row = 1; row < mask.rows; ++row) go_on(row - 1, row);
  for (std::size_t row = mask.rows; row-- > 1;) go_on(row, row - 1);
  for (float& distance : result.values) distance *= distance;
  Envelope across(mask.columns);
  for (std::size_t row = 0; row < mask.rows; ++row) across.replace(result.row(row));
  return result;
}

/// The mask with an empty pixel around it.
Mask framed(const Mask& mask) {
  Mask result{mask.rows + 2, mask.columns + 2, std::vector<std::uint8_t>((mask.rows + 2) * (mask.columns + 2))};
  for (std::size_t row = 0; row < mask.rows; ++row)
    for (std::size_t column = 0; column < mask.columns; ++column) result.at(row + 1, column + 1) = mask.at(row, column);
  return result;
}

}  // namespace

Field signed_distance(const Mask& mask) {
  const Mask frame = framed(mask);
  const Field to_outside = squared_distance(frame, 0), to_inside = squared_distance(frame, 1);
  Field result = field_of(mask.rows, mask.columns);
  for (std::size_t row = 0; row < mask.rows; ++row)
    for (std::size_t column = 0; column < mask.columns; ++column)
      result.at(row, column) = mask.at(row, column) ? std::sqrt(to_outside.at(row + 1, column + 1)) - 0.5F
                                                    : 0.5F - std::sqrt(to_inside.at(row + 1, column + 1));
  return result;
}

}  // namespace nib
