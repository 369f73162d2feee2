#include "images/preparation/tight_crop.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "images/preparation/components.h"
#include "images/preparation/distance.h"
#include "images/preparation/surface.h"

namespace nib {
namespace {

constexpr double least_separation = 0.78;  ///< of the light's variance, between the classes
constexpr double tight = 0.04;             ///< of the larger side: less margin than this is none
constexpr double added = 0.25;             ///< of the larger side, on each side
constexpr double least_main = 0.7;         ///< of the stroke's class: its largest piece
constexpr double least_alone = 0.97;       ///< the same of a stroke that is one though it fills more corners
constexpr double thickest_stroke = 0.42;   ///< of that piece's larger side
constexpr double thickest_alone = 0.25;
constexpr double least_piece = 0.02;  ///< of the picture

struct Classes {
  float threshold = 0;
  double separation = 0;  ///< variance between the classes as a part of the whole
};

Classes two_classes(const Field& light) {
  // Counted in turns, as neighbours are alike and each would wait for the one before it.
  std::array<std::array<std::uint32_t, 4>, 256> counts{};
  for (std::size_t i = 0; i < light.values.size(); ++i)
    ++counts[static_cast<std::uint32_t>(std::clamp(light.values[i], 0.0F, 255.0F) + 0.5F)][i % 4];
  std::array<double, 256> histogram{};
  for (std::size_t level = 0; level < histogram.size(); ++level)
    histogram[level] = std::accumulate(counts[level].begin(), counts[level].end(), 0U);
  double all = 0, sum = 0, squares = 0;
  for (std::size_t level = 0; level < histogram.size(); ++level) {
    const auto value = static_cast<double>(level);
    all += histogram[level];
    sum += histogram[level] * value;
    squares += histogram[level] * value * value;
  }
  const double variance = squares - sum * sum / all;
  Classes classes;
  double lower = 0, lower_sum = 0;
  for (std::size_t level = 0; level + 1 < histogram.size(); ++level) {
    lower += histogram[level];
    lower_sum += histogram[level] * static_cast<double>(level);
    if (lower == 0 || lower == all || variance <= 0) continue;
    const double distance = lower_sum / lower - (sum - lower_sum) / (all - lower);
    const double between = lower * (all - lower) / all * distance * distance / variance;
    if (between <= classes.separation) continue;
    // Between the means rather than just above the lower class: noise has tails.
    classes = {static_cast<float>((lower_sum / lower + (sum - lower_sum) / (all - lower)) / 2), between};
  }
  return classes;
}

/// How many of the four corners are not of a class.
double free_corners(const Mask& mask) {
  const std::size_t patch = std::max<std::size_t>(1, std::min(mask.rows, mask.columns) / 16);
  double corners = 0;
  for (const std::size_t top : {std::size_t{0}, mask.rows - patch})
    for (const std::size_t left : {std::size_t{0}, mask.columns - patch}) {
      double own = 0;
      for (std::size_t row = 0; row < patch; ++row)
        for (std::size_t column = 0; column < patch; ++column) own += mask.at(top + row, left + column);
      corners += 1 - own / static_cast<double>(patch * patch);
    }
  return corners;
}

/// How much a class looks like a stroke rather than like its ground: corners that are not of it, and how few pieces it
/// has.
double likeness(const Mask& mask, const Components& pieces) {
  const auto count = std::ranges::count_if(pieces.list, [&](const Component& piece) {
    return static_cast<double>(piece.pixels) > least_piece * static_cast<double>(mask.set.size());
  });
  return free_corners(mask) - 0.75 * static_cast<double>(std::min<std::ptrdiff_t>(count, 4));
}

/// Whether the largest piece is `least` of the class, thinner than `thickest`, and comes near to three sides of the
/// picture.
bool ends_with_picture(const Mask& mask, const Components& pieces, double least, double thickest) {
  const auto largest = std::ranges::max_element(pieces.list, {}, &Component::pixels);
  const auto all = static_cast<double>(std::ranges::count(mask.set, 1));
  if (largest == pieces.list.end() || static_cast<double>(largest->pixels) < least * all) return false;
  const auto margin = static_cast<std::size_t>(tight * static_cast<double>(std::max(mask.rows, mask.columns))) + 1;
  const Box& box = largest->box;
  const int sides = (box.row < margin ? 1 : 0) + (box.column < margin ? 1 : 0) +
                    (box.row + box.rows + margin > mask.rows ? 1 : 0) +
                    (box.column + box.columns + margin > mask.columns ? 1 : 0);
  if (sides < 3) return false;
  const float thickness = 2 * largest_value(signed_distance(mask, 1));
  return static_cast<double>(thickness) <= thickest * static_cast<double>(std::max(box.rows, box.columns));
}

/// The mask without its outermost pixels, where there is more of it.
Mask inner(const Mask& mask) {
  Field field = field_of(mask.rows, mask.columns);
  std::ranges::copy(mask.set, field.values.begin());
  const Mask small = mask_of(box_minimum(field, 1), 0.5F);
  return std::ranges::count(small.set, 1) > std::ranges::count(mask.set, 1) / 4 ? small : mask;
}

Field with_margin(const Field& light, const Mask& paper, std::size_t margin) {
  Field large = field_of(light.rows + 2 * margin, light.columns + 2 * margin);
  Mask known{large.rows, large.columns, std::vector<std::uint8_t>(large.values.size())};
  for (std::size_t row = 0; row < light.rows; ++row)
    for (std::size_t column = 0; column < light.columns; ++column) {
      large.at(row + margin, column + margin) = light.at(row, column);
      known.at(row + margin, column + margin) = paper.at(row, column);
    }
  // A surface would swing up where nothing holds it: beyond the picture it goes on as it is at its edge.
  const Field surface = background_surface(large, known);
  for (std::size_t row = 0; row < large.rows; ++row)
    for (std::size_t column = 0; column < large.columns; ++column) {
      const std::size_t y = std::clamp(row, margin, margin + light.rows - 1),
                        x = std::clamp(column, margin, margin + light.columns - 1);
      if (y != row || x != column) large.at(row, column) = std::clamp(surface.at(y, x), 0.0F, 255.0F);
    }
  return large;
}

}  // namespace

std::optional<PaddedCrop> padded_crop(const Field& light) {
  if (std::min(light.rows, light.columns) < 4) return std::nullopt;
  const Classes classes = two_classes(light);
  if (classes.separation < least_separation) return std::nullopt;
  const Mask lighter = mask_of(light, classes.threshold);
  Mask darker = lighter;
  for (std::uint8_t& set : darker.set) set ^= 1;
  const Components dark = components_of(darker), bright = components_of(lighter);
  bool dark_ink = likeness(darker, dark) >= likeness(lighter, bright);
  const auto ends = [&](double least, double thickest) {
    return ends_with_picture(dark_ink ? darker : lighter, dark_ink ? dark : bright, least, thickest);
  };
  if (!ends(least_main, thickest_stroke)) {
    dark_ink = !dark_ink;  // an angular 7 fills three corners, paper around a stroke all four
    if (free_corners(dark_ink ? darker : lighter) < 0.5 || !ends(least_alone, thickest_alone)) return std::nullopt;
  }
  PaddedCrop crop;
  crop.polarity = dark_ink ? Polarity::dark_on_light : Polarity::light_on_dark;
  crop.margin = static_cast<std::size_t>(std::ceil(added * static_cast<double>(std::max(light.rows, light.columns))));
  crop.light = with_margin(light, inner(dark_ink ? lighter : darker), crop.margin);
  return crop;
}

}  // namespace nib
