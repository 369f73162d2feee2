#include "images/preparation/levels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>

namespace nib {
namespace {

constexpr std::size_t bins = 1024;
using Histogram = std::array<std::size_t, bins>;

std::size_t bin_of(float strength) {
  return static_cast<std::uint32_t>(std::clamp(strength, 0.0F, 1.0F) * static_cast<float>(bins - 1) + 0.5F);
}

float strength_of(std::size_t bin) { return static_cast<float>(bin) / static_cast<float>(bins - 1); }

Histogram histogram_of_magnitudes(const Field& ink) {
  Histogram histogram{};
  for (const float strength : ink.values) ++histogram[bin_of(std::abs(strength))];
  return histogram;
}

/// The bin in which the given part of all counts is reached.
std::size_t quantile(const Histogram& histogram, double part) {
  const auto all = std::accumulate(histogram.begin(), histogram.end(), std::size_t{0});
  const auto wanted = static_cast<std::size_t>(part * static_cast<double>(all));
  std::size_t bin = 0;
  for (std::size_t sum = histogram[0]; sum <= wanted && bin + 1 < bins; sum += histogram[bin]) ++bin;
  return bin;
}

/// The first bin of the upper class: where the variance between the classes is largest.
std::size_t otsu(const Histogram& histogram) {
  double all = 0, all_weighted = 0;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    all += static_cast<double>(histogram[bin]);
    all_weighted += static_cast<double>(bin * histogram[bin]);
  }
  double lower = 0, lower_weighted = 0, largest = -1;
  std::size_t best = 0;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const double upper = all - lower;
    if (lower > 0 && upper > 0) {
      const double distance = lower_weighted / lower - (all_weighted - lower_weighted) / upper;
      const double between = lower * upper * distance * distance;
      if (between > largest) {
        largest = between;
        best = bin;
      }
    }
    lower += static_cast<double>(histogram[bin]);
    lower_weighted += static_cast<double>(bin * histogram[bin]);
  }
  return best;
}

float mean_from(const Histogram& histogram, std::size_t first) {
  double count = 0, sum = 0;
  for (std::size_t bin = first; bin < bins; ++bin) {
    count += static_cast<double>(histogram[bin]);
    sum += static_cast<double>(histogram[bin]) * static_cast<double>(strength_of(bin));
  }
  return count > 0 ? static_cast<float>(sum / count) : 0;
}

}  // namespace

std::optional<InkLevels> ink_levels(const Field& ink) {
  constexpr float normal_quartile = 0.6745F;  // of the normal distribution: half of it is nearer to its mean
  constexpr float weakest_edge = 0.06F, noises_above = 4;
  constexpr float weakest_core = 0.12F;
  constexpr float edge_of_core = 0.46F;  // half, and a little less for what is thinner than a pixel
  InkLevels levels;
  levels.noise = strength_of(quantile(histogram_of_magnitudes(ink), 0.5)) / normal_quartile;
  levels.faint = std::max(weakest_edge, noises_above * levels.noise);
  Histogram standing_out{};
  for (const float strength : ink.values)
    if (strength > levels.faint) ++standing_out[bin_of(strength)];
  levels.core = mean_from(standing_out, otsu(standing_out));
  levels.threshold = std::max(edge_of_core * levels.core, levels.faint);
  if (levels.core < weakest_core || levels.core < levels.threshold) return std::nullopt;
  return levels;
}

}  // namespace nib
