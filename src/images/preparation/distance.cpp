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
  explicit Envelope(std::size_t length) : vertex_(length), begin_(length + 1) {}

  void replace(std::span<float> squares) {
    old_.assign(squares.begin(), squares.end());
    build();
    for (std::size_t x = 0, k = 0; x < squares.size(); ++x) {
      while (k + 1 < count_ && begin_[k + 1] <= static_cast<float>(x)) ++k;
      const float step = static_cast<float>(x) - static_cast<float>(vertex_[k]);
      squares[x] = step * step + old_[vertex_[k]];
    }
  }

 private:
  /// Where the parabola of vertex `q` begins to lie below that of `p` < `q`.
  float meeting(std::size_t p, std::size_t q) const {
    const auto at = [](std::size_t index) { return static_cast<float>(index); };
    return ((old_[q] + at(q) * at(q)) - (old_[p] + at(p) * at(p))) / (2 * (at(q) - at(p)));
  }
  void build() {
    count_ = 0;
    for (std::size_t q = 0; q < old_.size(); ++q) {
      if (old_[q] >= far_away) continue;
      while (count_ > 1 && meeting(vertex_[count_ - 1], q) <= begin_[count_ - 1]) --count_;
      begin_[count_] = count_ ? meeting(vertex_[count_ - 1], q) : 0;
      vertex_[count_++] = q;
    }
    if (count_ == 0) vertex_[count_++] = 0;
  }

  std::vector<float> old_{};
  std::vector<std::size_t> vertex_;
  std::vector<float> begin_;
  std::size_t count_ = 0;
};

/// Squared distance of each pixel to the nearest one whose mask is `value`.
Field squared_distance(const Mask& mask, std::uint8_t value) {
  Field squares = field_of(mask.columns, mask.rows);  // (column, row): the first pass runs down the columns
  for (std::size_t row = 0; row < mask.rows; ++row)
    for (std::size_t column = 0; column < mask.columns; ++column)
      squares.at(column, row) = mask.at(row, column) == value ? 0 : far_away;
  Envelope down(mask.rows), across(mask.columns);
  for (std::size_t column = 0; column < mask.columns; ++column) down.replace(squares.row(column));
  Field result = field_of(mask.rows, mask.columns);
  for (std::size_t row = 0; row < mask.rows; ++row)
    for (std::size_t column = 0; column < mask.columns; ++column) result.at(row, column) = squares.at(column, row);
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
