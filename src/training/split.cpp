#include "training/split.h"

#include <fmt/core.h>

#include <cmath>
#include <numeric>
#include <utility>

#include "base/error.h"

namespace nib {

std::size_t training_count(std::size_t count, double fraction) {
  // The subtraction rounds before the product does: Keras's figures for 0.8 and its like depend on it.
  return static_cast<std::size_t>(std::floor(static_cast<double>(count) * (1.0 - fraction)));
}

std::size_t checked_training_count(std::size_t count, double fraction) {
  if (!(fraction >= 0.0 && fraction < 1.0)) {
    throw usage_error({.setting = "validation split",
                       .problem = "out of range",
                       .expected = "at least 0 and less than 1",
                       .got = fmt::format("{}", fraction)});
  }
  const std::size_t kept = fraction == 0.0 ? count : training_count(count, fraction);
  if (kept == 0 || (fraction > 0.0 && kept == count)) {
    throw usage_error({.setting = "validation split",
                       .problem = fmt::format("{} leaves no image for {}", fraction, kept ? "validation" : "training"),
                       .expected = "at least one image in each part",
                       .got = fmt::format("{} and {} of {}", kept, count - kept, count),
                       .hint = setting("validation split") + " 0 trains on all images without validation"});
  }
  return kept;
}

Dataset chosen_images(const Dataset& dataset, const std::vector<std::uint32_t>& images) {
  Dataset chosen{
      .rows = dataset.rows, .columns = dataset.columns, .class_names = dataset.class_names, .pixels = {}, .labels = {}};
  if (!dataset.labels.empty())
    for (const std::uint32_t image : images) chosen.labels.push_back(dataset.labels[image]);
  if (dataset.packed) {
    chosen.packed = std::make_shared<const PackedImages>(dataset.packed->part(images));
    return chosen;
  }
  const std::size_t pixels = std::size_t{dataset.rows} * dataset.columns;
  chosen.pixels.reserve(images.size() * pixels);
  for (const std::uint32_t image : images)
    chosen.pixels.insert(chosen.pixels.end(), dataset.image(image), dataset.image(image) + pixels);
  return chosen;
}

Split split_validation(Dataset dataset, double fraction) {
  const std::size_t count = dataset.size(), kept = checked_training_count(count, fraction);
  Split split;
  if (kept < count && dataset.packed) {
    std::vector<std::uint32_t> training(kept), validation(count - kept);
    std::iota(training.begin(), training.end(), 0U);
    std::iota(validation.begin(), validation.end(), static_cast<std::uint32_t>(kept));
    split.validation = std::make_shared<const Dataset>(chosen_images(dataset, validation));
    dataset = chosen_images(dataset, training);
  } else if (kept < count) {
    const auto pixels_kept = static_cast<std::ptrdiff_t>(kept * dataset.rows * dataset.columns);
    Dataset held_out{.rows = dataset.rows,
                     .columns = dataset.columns,
                     .class_names = dataset.class_names,
                     .pixels = {dataset.pixels.begin() + pixels_kept, dataset.pixels.end()},
                     .labels = {}};
    dataset.pixels.resize(static_cast<std::size_t>(pixels_kept));
    if (!dataset.labels.empty()) {
      held_out.labels.assign(dataset.labels.begin() + static_cast<std::ptrdiff_t>(kept), dataset.labels.end());
      dataset.labels.resize(kept);
    }
    split.validation = std::make_shared<const Dataset>(std::move(held_out));
  }
  split.training = std::make_shared<const Dataset>(std::move(dataset));
  return split;
}

}  // namespace nib
