#include "images/preparation/distance.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace nib {
namespace {

/// The lower envelope of parabolas: result[x] = min over q of (x - q)^2 + lengths[q]^2.
class Envelope {
 public:
  explicit Envelope(std::size_t length) : parabolas_(length) {}

  void write(std::span<const std::int16_t> lengths, std::span<float> squares) {
    build(lengths);
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
    float vertex, square;  ///< q, lengths[q]^2
    float height;          ///< at 0
    float begin;           ///< from where on it is the lowest
  };

  /// Where parabola `q` begins to lie below `p`, which is left of it.
  static float meeting(const Parabola& p, const Parabola& q) {
    return (q.height - p.height) / (2 * (q.vertex - p.vertex));
  }
  void build(std::span<const std::int16_t> lengths) {
    count_ = 0;
    float at = 0;
    for (const float length : lengths) {
      Parabola q{.vertex = at, .square = length * length, .height = length * length + at * at, .begin = 0};
      if (count_ > 0) q.begin = meeting(parabolas_[count_ - 1], q);
      for (; count_ > 1 && q.begin <= parabolas_[count_ - 1].begin; q.begin = meeting(parabolas_[count_ - 1], q))
        --count_;
      parabolas_[count_++] = q;
      ++at;
    }
  }

  std::vector<Parabola> parabolas_;
  std::size_t count_ = 0;
};

/// The same for a row in which no distance is large, as in strokes: all columns side by side look one pixel further to
/// either side until nobody can find a nearer one.
class Neighbours {
 public:
  explicit Neighbours(std::size_t length) : known_(length + 2 * margin, far), found_(length) {}

  /// Looks `most` pixels far at most. False where some distance may be larger, which is wrong then.
  bool write(std::span<const std::int16_t> lengths, std::span<float> squares, int most) {
    std::int16_t* const known = known_.data() + margin;
    std::int16_t* const found = found_.data();
    const std::size_t count = lengths.size();
    std::int16_t largest = 0;
    for (std::size_t x = 0; x < count; ++x) {
      const std::int16_t length = std::min(lengths[x], longest);
      known[x] = found[x] = static_cast<std::int16_t>(length * length);
      largest = std::max(largest, found[x]);
    }
    // A stroke has only a part of the row.
    const auto is_far = [](std::int16_t square) { return square > 0; };
    const auto begin = static_cast<std::size_t>(std::find_if(found, found + count, is_far) - found);
    std::size_t end = count;
    while (end > begin && !is_far(found[end - 1])) --end;
    int step = 1;
    for (; step <= std::min(most, margin) && step * step < largest; ++step) {
      const auto square = static_cast<std::int16_t>(step * step);
      const std::int16_t* const left = known - step;
      const std::int16_t* const right = known + step;
      largest = 0;
      for (std::size_t x = begin; x < end; ++x) {
        const auto other = static_cast<std::int16_t>(std::min(left[x], right[x]) + square);
        found[x] = std::min(found[x], other);
        largest = std::max(largest, found[x]);
      }
    }
    for (std::size_t x = 0; x < count; ++x) squares[x] = found[x];
    return step * step >= largest;
  }
  static constexpr int margin = 32;

 private:
  static constexpr std::int16_t longest = 120;  ///< its square and that of the margin's width are 16-bit numbers
  static constexpr std::int16_t far = longest * longest;

  std::vector<std::int16_t> known_, found_;
};

/// Squared distance of each pixel to the nearest one whose mask is `value`; whole numbers. What is further away than
/// `reach` has a number that is larger than its square.
Field squared_distance(const Mask& mask, std::uint8_t value, int reach) {
  constexpr std::int16_t none = 30'000;  // more than any image's side
  std::vector<std::int16_t> lengths(mask.set.size());
  for (std::size_t i = 0; i < lengths.size(); ++i) lengths[i] = mask.set[i] == value ? std::int16_t{0} : none;
  // Up and down first: counted on from row to row, all columns side by side.
  const auto row = [&](std::size_t index) { return std::span(lengths).subspan(index * mask.columns, mask.columns); };
  const auto go_on = [&](std::size_t from, std::size_t to) {
    const std::int16_t* const before = row(from).data();
    std::int16_t* const length = row(to).data();
    for (std::size_t column = 0; column < mask.columns; ++column)
      length[column] = std::min(length[column], static_cast<std::int16_t>(before[column] + 1));
  };
  for (std::size_t to = 1; to < mask.rows; ++to) go_on(to - 1, to);
  for (std::size_t from = mask.rows; from-- > 1;) go_on(from, from - 1);
  Field result = field_of(mask.rows, mask.columns);
  Neighbours neighbours(mask.columns);
  Envelope envelope(mask.columns);
  for (std::size_t i = 0; i < mask.rows; ++i)
    if (!neighbours.write(row(i), result.row(i), reach) && reach > Neighbours::margin)
      envelope.write(row(i), result.row(i));
  return result;
}

/// The mask with an empty pixel around it.
Mask framed(const Mask& mask) {
  Mask result{mask.rows + 2, mask.columns + 2, std::vector<std::uint8_t>((mask.rows + 2) * (mask.columns + 2))};
  for (std::size_t row = 0; row < mask.rows; ++row)
    std::copy_n(mask.set.begin() + static_cast<std::ptrdiff_t>(row * mask.columns), mask.columns,
                result.set.begin() + static_cast<std::ptrdiff_t>((row + 1) * result.columns + 1));
  return result;
}

}  // namespace

Field signed_distance(const Mask& mask, int reach) {
  const Mask frame = framed(mask);
  const Field to_outside = squared_distance(frame, 0, any_distance);
  Field result = field_of(mask.rows, mask.columns, 0.5F - static_cast<float>(reach));
  for (std::size_t row = 0; row < mask.rows; ++row) {
    const std::span<const float> squares = to_outside.row(row + 1);
    for (std::size_t column = 0; column < mask.columns; ++column)
      if (mask.at(row, column)) result.at(row, column) = std::sqrt(squares[column + 1]) - 0.5F;
  }
  if (reach > 1) tell_outside(mask, reach, result);
  return result;
}

void tell_outside(const Mask& mask, int reach, Field& distance) {
  const Mask frame = framed(mask);
  const Field to_inside = squared_distance(frame, 1, reach);
  const float furthest = static_cast<float>(reach) * static_cast<float>(reach);
  for (std::size_t row = 0; row < mask.rows; ++row) {
    const std::span<const float> squares = to_inside.row(row + 1);
    for (std::size_t column = 0; column < mask.columns; ++column)
      if (!mask.at(row, column)) {
        const float square = squares[column + 1];
        distance.at(row, column) = 0.5F - (square < furthest ? std::sqrt(square) : static_cast<float>(reach));
      }
  }
}

}  // namespace nib
