#include "data/set_figures.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "data/both_parts.h"
#include "data/class_counts.h"
#include "data/equal_images.h"
#include "data/near_images.h"

namespace nib {
namespace {

/// Counts pairs of images and keeps the closest.
class Pairs {
 public:
  explicit Pairs(const BothParts& images) : images_(images) {}

  /// By their indices in both parts.
  void add(std::size_t image, std::size_t other, double distance) {
    ++figures_.images;
    if (images_.label(image) && images_.label(other) && images_.label(image) != images_.label(other))
      ++figures_.other_label;
    figures_.pairs.push_back(
        {.image = images_.index_in_part(image), .other = images_.index_in_part(other), .distance = distance});
  }

  PairFigures finish() {
    std::ranges::stable_sort(figures_.pairs, {}, &ImagePair::distance);
    figures_.pairs.resize(std::min(figures_.pairs.size(), PairFigures::most_pairs));
    return std::move(figures_);
  }

 private:
  const BothParts& images_;
  PairFigures figures_;
};

void add_equal_pairs(const BothParts& images, const std::vector<std::size_t>& first, SetFigures& figures) {
  Pairs training(images), test(images), across(images);
  std::unordered_map<std::size_t, std::size_t> first_in_test;  // by the first in both parts
  for (std::size_t i = 0; i < images.size(); ++i) {
    const bool of_test = images.is_test(i), is_first = first[i] == i;
    if (!of_test && !is_first) training.add(i, first[i], 0);
    if (!of_test) continue;
    if (!images.is_test(first[i])) across.add(i, first[i], 0);
    if (const auto [known, added] = first_in_test.try_emplace(first[i], i); !added) test.add(i, known->second, 0);
  }
  figures.training.equal = training.finish();
  figures.test.equal = test.finish();
  figures.equal = across.finish();
}

void add_near_pairs(const BothParts& images, const std::vector<std::size_t>& first, SetFigures& figures) {
  std::vector<std::size_t> different;
  for (std::size_t i = 0; i < first.size(); ++i)
    if (first[i] == i) different.push_back(i);
  const NearImages near = find_near_images(images, different);
  Pairs training(images), test(images), across(images);
  for (const std::size_t i : different) {
    const bool of_test = images.is_test(i);
    if (const NearImage& found = near.training[i]; found.found())
      (of_test ? across : training).add(i, found.image, found.distance);
    if (const NearImage& found = near.test[i]; found.found()) test.add(i, found.image, found.distance);
  }
  figures.training.near = training.finish();
  figures.test.near = test.finish();
  figures.near = across.finish();
}

PartFigures part_figures(const Dataset& part) {
  return {.images = part.size(),
          .grey = grey_levels(part),
          .class_counts = part.labels.empty() ? std::vector<std::uint64_t>{} : class_counts(part),
          .constant = constant_images(part),
          .odd = odd_images(part)};
}

}  // namespace

SetFigures set_figures(const DataCollection& set) {
  SetFigures figures{.training = part_figures(set.training), .test = part_figures(set.test), .equal = {}, .near = {}};
  const BothParts images(set.training, set.test);
  const std::vector<std::size_t> first = first_equal_images(images);
  add_equal_pairs(images, first, figures);
  add_near_pairs(images, first, figures);
  return figures;
}

std::vector<std::size_t> sample_images(const Dataset& dataset, std::size_t most) {
  if (dataset.labels.empty()) {
    std::vector<std::size_t> first(std::min(dataset.size(), most));
    std::iota(first.begin(), first.end(), std::size_t{0});
    return first;
  }
  const std::size_t of_each = std::max<std::size_t>(1, most / dataset.class_names.size());
  std::vector<std::vector<std::size_t>> of_class(dataset.class_names.size());
  for (std::size_t i = 0; i < dataset.size(); ++i)
    if (std::vector<std::size_t>& images = of_class[dataset.labels[i]]; images.size() < of_each) images.push_back(i);
  std::vector<std::size_t> samples;
  for (const std::vector<std::size_t>& images : of_class) samples.insert(samples.end(), images.begin(), images.end());
  samples.resize(std::min(samples.size(), most));
  return samples;
}

}  // namespace nib
