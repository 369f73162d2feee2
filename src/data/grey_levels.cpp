#include "data/grey_levels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>

#include "statistics/quantile.h"

namespace nib {
namespace {

std::size_t pixels_of_image(const Dataset& dataset) { return std::size_t{dataset.rows} * dataset.columns; }

}  // namespace

GreyLevels grey_levels(const Dataset& dataset) {
  if (dataset.pixels.empty()) return {};
  std::array<std::uint64_t, 256> counts{};
  for (const std::uint8_t pixel : dataset.pixels) ++counts[pixel];
  const auto count = static_cast<double>(dataset.pixels.size());
  double sum = 0, squares = 0;
  for (std::size_t level = 0; level < counts.size(); ++level)
    sum += static_cast<double>(level) * static_cast<double>(counts[level]);
  const double mean = sum / count;
  for (std::size_t level = 0; level < counts.size(); ++level)
    squares += std::pow(static_cast<double>(level) - mean, 2) * static_cast<double>(counts[level]);
  return {.mean = mean, .deviation = std::sqrt(squares / count)};
}

std::vector<double> image_means(const Dataset& dataset) {
  const std::size_t pixels = pixels_of_image(dataset);
  std::vector<double> means;
  means.reserve(dataset.size());
  for (std::size_t i = 0; i < dataset.size(); ++i) {
    std::uint32_t sum = 0;
    for (std::size_t pixel = 0; pixel < pixels; ++pixel) sum += dataset.image(i)[pixel];
    means.push_back(static_cast<double>(sum) / static_cast<double>(pixels));
  }
  return means;
}

std::vector<std::size_t> constant_images(const Dataset& dataset) {
  std::vector<std::size_t> images;
  for (std::size_t i = 0; i < dataset.size(); ++i) {
    const std::uint8_t* const pixels = dataset.image(i);
    if (std::all_of(pixels, pixels + pixels_of_image(dataset), [&](std::uint8_t pixel) { return pixel == *pixels; }))
      images.push_back(i);
  }
  return images;
}

std::vector<std::size_t> odd_images(const Dataset& dataset) {
  constexpr std::size_t fewest = 8;
  constexpr double ranges = 3;
  const std::vector<double> means = image_means(dataset);
  std::map<std::size_t, std::vector<std::size_t>> images_of_class;
  for (std::size_t i = 0; i < means.size(); ++i)
    images_of_class[dataset.labels.empty() ? 0 : dataset.labels[i]].push_back(i);
  std::vector<std::size_t> odd;
  for (const auto& [label, images] : images_of_class) {
    if (images.size() < fewest) continue;
    std::vector<double> of_class;
    for (const std::size_t image : images) of_class.push_back(means[image]);
    const double lower = quantile(of_class, 0.25), upper = quantile(of_class, 0.75);
    const double reach = ranges * (upper - lower);
    for (const std::size_t image : images)
      if (means[image] < lower - reach || means[image] > upper + reach) odd.push_back(image);
  }
  std::ranges::sort(odd);
  return odd;
}

}  // namespace nib
