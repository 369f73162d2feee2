#include "images/preparation/shadow_edge.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

#include "images/preparation/polygon.h"

namespace nib {
namespace {

constexpr std::size_t coarse_side = 64;  ///< pixels of the larger side of the image in which lines are looked for
constexpr int directions = 48;
constexpr float least_step = 0.14F, most_step = 1.39F;  ///< of the logarithm of light: factors of 1.15 and 4
constexpr float same_step = 0.25F;                      ///< of the step: what differs by less agrees with it
constexpr double least_agreeing = 0.52;                 ///< part of the line
constexpr double least_paper = 0.55;                    ///< of either side, as light as beside the line
constexpr double most_places = 200;                     ///< looked at along a line
constexpr double end = 0.12;                            ///< of the line, at either border: a sheet's edge stops before
constexpr double least_agreeing_end = 0.8;              ///< part of each end
constexpr double least_length = 0.6;                    ///< of the image's smaller side
constexpr float darkest = 8;                            ///< levels of light: less is taken for this

/// A line through an image; places beside it are told by how far along and how far aside they are.
struct Line {
  Place middle;
  double down = 0, across = 1;  ///< one pixel along it

  static Line through(const Place& middle, double angle) { return {middle, std::sin(angle), std::cos(angle)}; }
  Place at(double along, double aside) const {
    return {middle.row + along * down + aside * across, middle.column + along * across - aside * down};
  }
  double aside(double row, double column) const {
    return (row - middle.row) * across - (column - middle.column) * down;
  }
};

float median(std::vector<float>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

Field logarithm(Field light) {
  for (float& value : light.values) value = std::log(std::max(value, darkest));
  return light;
}

/// How far along a line its places with `aside` on both sides are inside the image: from, to; nothing where from > to.
std::pair<double, double> ends_of(const Line& line, const Field& field, double aside) {
  double from = -1e9, to = 1e9;
  const auto within = [&](double start, double step, double length) {
    if (std::abs(step) < 1e-9) {
      if (start < 0 || start >= length) to = from - 1;
      return;
    }
    const double one = -start / step, other = (length - start) / step;
    from = std::max(from, std::min(one, other));
    to = std::min(to, std::max(one, other));
  };
  for (const double side : {-aside, aside}) {
    const Place start = line.at(0, side);
    within(start.row, line.down, static_cast<double>(field.rows));
    within(start.column, line.across, static_cast<double>(field.columns));
  }
  return {from, to};
}

/// How much the light changes across lines of an image, from places on one side to those on the other.
class Steps {
 public:
  explicit Steps(const Field& logs) : columns_(logs.columns + 1) {
    // A place beyond the last row or column, where rounding may lead to, has what there is in these.
    for (std::size_t row = 0; row <= logs.rows; ++row) {
      const std::span<const float> pixels = logs.row(std::min(row, logs.rows - 1));
      padded_.insert(padded_.end(), pixels.begin(), pixels.end());
      padded_.push_back(pixels.back());
    }
  }

  /// From pixel to pixel along a line, from its begin at `from` to before `to`, at `aside` from it. Ends early, with
  /// false, where less than half of them can be at least `least` up, or down: so do most lines.
  bool look(const Line& line, std::pair<double, double> ends, double aside, float least, std::vector<float>& steps) {
    alongs_.resize(static_cast<std::size_t>(ends.second - ends.first) + 2);
    std::size_t count = 0;
    for (double along = ends.first + 0.5; along < ends.second; ++along) alongs_[count++] = along;
    const std::size_t half = count - count / 2;
    steps.resize(count);
    const double aside_down = aside * line.across, aside_across = aside * line.down;
    std::size_t up = 0, down = 0;
    for (std::size_t begin = 0, next = 0; begin < count; begin = next) {
      next = std::min(count, begin + at_a_time);
      for (std::size_t i = begin; i < next; ++i) {
        const double row = line.middle.row + alongs_[i] * line.down,
                     column = line.middle.column + alongs_[i] * line.across;
        steps[i] = pixel(row + aside_down, column - aside_across) - pixel(row - aside_down, column + aside_across);
        up += steps[i] >= least;
        down += steps[i] <= -least;
      }
      if (std::max(up, down) + (count - next) < half) return false;
    }
    return true;
  }

 private:
  static constexpr std::size_t at_a_time = 8;

  /// Signed numbers, which the processor makes of a double at once; this is the inner loop of small pictures.
  float pixel(double row, double column) const {
    return padded_[static_cast<std::size_t>(static_cast<std::ptrdiff_t>(row)) * columns_ +
                   static_cast<std::size_t>(static_cast<std::ptrdiff_t>(column))];
  }

  std::size_t columns_;
  std::vector<float> padded_{};
  std::vector<double> alongs_{};
};

/// The line along which the light changes most, by what most of it agrees on.
std::optional<Line> steepest_line(const Field& logs) {
  constexpr double near = 1, far = 3;
  const double rows = static_cast<double>(logs.rows), columns = static_cast<double>(logs.columns),
               radius = std::hypot(rows, columns) / 2, least = least_length * std::min(rows, columns);
  std::optional<Line> best;
  float most = 0;
  Steps sides(logs);
  std::vector<float> steps, near_steps, sorted;
  for (int direction = 0; direction < directions; ++direction) {
    const Line middle = Line::through({rows / 2, columns / 2}, std::numbers::pi * direction / directions);
    for (double off = -radius + far; off < radius - far; ++off) {
      const Line line{middle.at(0, off), middle.down, middle.across};
      const std::pair<double, double> ends = ends_of(line, logs, far);
      if (ends.second - ends.first < least || !sides.look(line, ends, far, least_step, steps)) continue;
      const float sum = std::accumulate(steps.begin(), steps.end(), 0.0F);
      if (std::abs(sum) < least_step / 2 * static_cast<float>(steps.size())) continue;
      sorted = steps;
      const float step = median(sorted);
      if (std::abs(step) < least_step || std::abs(step) > most_step) continue;
      const auto agreeing = static_cast<double>(
          std::ranges::count_if(steps, [&](float each) { return std::abs(each - step) < same_step * std::abs(step); }));
      if (agreeing < least_agreeing * static_cast<double>(steps.size())) continue;
      sides.look(line, ends, near, 0, near_steps);  // to the end, as 0 is the least that it can find
      const float sharpness = std::abs(median(near_steps)) * static_cast<float>(agreeing);
      if (sharpness <= most) continue;
      most = sharpness;
      best = line;
    }
  }
  return best;
}

/// What there is across a line at one place along it.
struct Crossing {
  double along = 0, aside = 0;  ///< of the middle of the step
  float step = 0;
  float below = 0;  ///< level of the logarithm before the step
};

std::vector<Crossing> crossings_of(const Field& logs, const Line& line, double width) {
  const double shoulder = width / 3;
  const auto [from, to] = ends_of(line, logs, width);
  std::vector<Crossing> crossings;
  std::vector<float> steps;
  const double stride = std::max(1.0, (to - from) / most_places);
  for (double along = from + stride / 2; along < to; along += stride) {
    float below = 0, above = 0, sum = 0, count = 0, shoulders = 0;
    for (double aside = -width + 0.5; aside < width; ++aside, ++count) {
      const float value = value_at(logs, line.at(along, aside));
      sum += value;
      if (aside < -width + shoulder) below += value, ++shoulders;
      if (aside > width - shoulder) above += value;
    }
    below /= shoulders;
    above /= shoulders;
    // A step from `below` to `above` at t has a mean over -width to width of (below (t + width) + above (width - t)).
    const float step = above - below;
    if (std::abs(step) < least_step) continue;
    const float part = (sum / count - below) / step;
    crossings.push_back({along, width * (1 - 2 * static_cast<double>(part)), step, below});
    steps.push_back(step);
  }
  if (steps.empty()) return crossings;
  const float usual = median(steps);
  std::erase_if(crossings, [&](const Crossing& each) {
    return std::abs(each.step - usual) > same_step * std::abs(usual) || std::abs(each.aside) > width * 0.7;
  });
  return crossings;
}

/// Whether there are crossings along most of a line, and, where it is known well, along nearly all of both ends.
bool reaches_from_border_to_border(const std::vector<Crossing>& crossings, std::pair<double, double> ends,
                                   bool known_well) {
  const auto [from, to] = ends;
  const double length = to - from, places = std::min(most_places, length);
  const auto part = [&](double first, double last) {
    const auto count = std::ranges::count_if(crossings, [&](const Crossing& each) {
      return each.along >= from + first * length && each.along <= from + last * length;
    });
    return static_cast<double>(count) / (places * (last - first));
  };
  if (crossings.size() < 8 || part(0, 1) < least_agreeing) return false;
  return !known_well || (part(0, end) >= least_agreeing_end && part(1 - end, 1) >= least_agreeing_end);
}

/// Whether most of the image is as light as its side of the line: beyond a stroke there would be paper again.
bool parts_paper(const Field& logs, const Line& line, const std::vector<Crossing>& crossings) {
  std::vector<float> steps, levels;
  for (const Crossing& each : crossings) {
    steps.push_back(each.step);
    levels.push_back(each.below);
  }
  const float step = median(steps), below = median(levels);
  std::array<double, 2> all{}, same{};
  for (std::size_t row = 0; row < logs.rows; row += 3)
    for (std::size_t column = 0; column < logs.columns; column += 3) {
      const std::size_t side = line.aside(static_cast<double>(row), static_cast<double>(column)) > 0 ? 1 : 0;
      ++all[side];
      if (std::abs(logs.at(row, column) - below - (side ? step : 0)) < std::abs(step) / 2) ++same[side];
    }
  return std::ranges::all_of(std::array{0U, 1U},
                             [&](std::size_t side) { return same[side] >= least_paper * all[side]; });
}

/// The line moved and turned to where the light changes, by least squares without what lies far from it.
Line fitted(const Line& line, std::vector<Crossing> crossings) {
  constexpr int rounds = 3;
  double offset = 0, slope = 0;
  for (int round = 0; round < rounds; ++round) {
    double count = 0, along = 0, aside = 0, squares = 0, products = 0;
    for (const Crossing& each : crossings) {
      ++count;
      along += each.along;
      aside += each.aside;
      squares += each.along * each.along;
      products += each.along * each.aside;
    }
    const double variance = squares - along * along / count;
    slope = variance > 0 ? (products - along * aside / count) / variance : 0;
    offset = (aside - slope * along) / count;
    std::vector<float> distances;
    for (const Crossing& each : crossings)
      distances.push_back(static_cast<float>(std::abs(each.aside - offset - slope * each.along)));
    const auto limit = static_cast<double>(std::max(0.5F, 3 * median(distances)));
    std::erase_if(crossings,
                  [&](const Crossing& each) { return std::abs(each.aside - offset - slope * each.along) > limit; });
  }
  const double length = std::hypot(1, slope);
  return {line.at(0, offset), (line.down + slope * line.across) / length, (line.across - slope * line.down) / length};
}

/// By distance from the line, from -width to width: what the logarithm of light lacks to the lighter side's.
std::vector<float> lack_across(const Field& logs, const Line& line, const std::vector<Crossing>& crossings,
                               double width, bool lighter_above) {
  std::vector<float> lack, values;
  for (double aside = -width; aside <= width; ++aside) {
    values.clear();
    for (const Crossing& each : crossings) {
      const float full = value_at(logs, line.at(each.along, lighter_above ? width - 1 : 1 - width));
      values.push_back(full - value_at(logs, line.at(each.along, aside)));
    }
    lack.push_back(median(values));
  }
  return lack;
}

}  // namespace

std::optional<Field> without_shadow(const Field& light) {
  const std::size_t factor = (std::max(light.rows, light.columns) + coarse_side - 1) / coarse_side;
  const Field coarse = logarithm(reduced(light, factor));
  if (std::min(coarse.rows, coarse.columns) < coarse_side / 4) return std::nullopt;
  const std::optional<Line> seen = steepest_line(coarse);
  if (!seen) return std::nullopt;
  const auto scale = static_cast<double>(factor);
  Line line{{seen->middle.row * scale, seen->middle.column * scale}, seen->down, seen->across};
  const Field logs = logarithm(light);
  constexpr double coarse_width = 3, least_width = 8;
  const double width = std::max(least_width, coarse_width * scale);
  std::vector<Crossing> crossings;
  for (int round = 0; round < 3; ++round) {
    crossings = crossings_of(logs, line, width);
    if (!reaches_from_border_to_border(crossings, ends_of(line, logs, width), round == 2)) return std::nullopt;
    if (round < 2) line = fitted(line, crossings);
  }
  if (!parts_paper(logs, line, crossings)) return std::nullopt;
  const bool lighter_above = crossings.front().step > 0;
  const std::vector<float> lack = lack_across(logs, line, crossings, width, lighter_above);
  Field result = light;
  for (std::size_t row = 0; row < light.rows; ++row)
    for (std::size_t column = 0; column < light.columns; ++column) {
      const double aside = line.aside(static_cast<double>(row) + 0.5, static_cast<double>(column) + 0.5);
      const double place = std::clamp(aside + width, 0.0, static_cast<double>(lack.size() - 1));
      const auto first = static_cast<std::size_t>(place);
      const std::size_t second = std::min(first + 1, lack.size() - 1);
      const float between =
          lack[first] + static_cast<float>(place - static_cast<double>(first)) * (lack[second] - lack[first]);
      result.at(row, column) = std::min(255.0F, light.at(row, column) * std::exp(between));
    }
  return result;
}

}  // namespace nib
