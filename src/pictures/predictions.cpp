#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "pictures/image_grid.h"
#include "pictures/pictures.h"

namespace nib {
namespace {

constexpr std::size_t most_classes = 10, across_wide = 5, across_narrow = 3;
constexpr double wide_image = 116, heading_height = 28, margin = 16, between = 14;

GridImage grid_image(const Dataset& dataset, const Predictions& predictions, std::size_t index) {
  const std::size_t predicted = predictions.predicted[index], label = predictions.labels[index];
  return {.index = index,
          .above = {"Predicted: " + dataset.class_names[predicted], "True: " + dataset.class_names[label]},
          .wrong = predicted != label,
          .share = predictions.confidence(index)};
}

/// The first image of each class that has one; of many classes, of some at equal distances.
std::vector<std::size_t> one_of_each_class(const Predictions& predictions, std::size_t images) {
  std::vector<std::optional<std::size_t>> first(predictions.classes);
  for (std::size_t index = images; index-- > 0;) first[predictions.labels[index]] = index;
  std::vector<std::size_t> found;
  for (const std::optional<std::size_t>& index : first)
    if (index) found.push_back(*index);
  if (found.size() <= most_classes) return found;
  std::vector<std::size_t> some;
  for (std::size_t k = 0; k < most_classes; ++k) some.push_back(found[k * found.size() / most_classes]);
  return some;
}

/// The images whose predicted class has the least probability, the least certain first; of equal ones the first.
std::vector<std::size_t> least_certain(const Predictions& predictions, std::size_t images, std::size_t wanted) {
  std::vector<std::size_t> order(images);
  for (std::size_t index = 0; index < images; ++index) order[index] = index;
  const std::size_t count = std::min(wanted, images);
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(count);
  const auto key = [&](std::size_t index) {
    const float confidence = predictions.confidence(index);
    return std::pair(std::isnan(confidence) ? -1.0F : confidence, index);
  };
  std::ranges::partial_sort(order, end, {}, key);
  order.resize(count);
  return order;
}

}  // namespace

Drawing predictions_picture(const Dataset& dataset, const Predictions& predictions, Sheet sheet) {
  const bool narrow = sheet == Sheet::narrow;
  const std::size_t across = narrow ? across_narrow : across_wide,
                    images = std::min(dataset.size(), predictions.size());
  Drawing drawing{.name = "predictions",
                  .title = "Predictions",
                  .description =
                      "One test image of each class, and those that the network is least certain of, with predicted "
                      "and true class and the probability of the predicted one"};
  const auto add_part = [&](const char* heading, const std::vector<std::size_t>& indices) {
    std::vector<GridImage> chosen;
    for (const std::size_t index : indices) chosen.push_back(grid_image(dataset, predictions, index));
    Drawing grid = image_grid(dataset, chosen, across, narrow ? small_image : wide_image);
    const double top = drawing.height > 0 ? drawing.height + between : 0;
    drawing.add(Text{.at = {margin, top + 22}, .text = heading, .size = 14, .bold = true});
    grid.move_by(0, top + heading_height - margin / 2);
    std::ranges::move(grid.elements, std::back_inserter(drawing.elements));
    drawing.width = std::max(drawing.width, grid.width);
    drawing.height = top + heading_height - margin / 2 + grid.height - margin;
  };
  add_part("One of each class", one_of_each_class(predictions, images));
  add_part("Least certain", least_certain(predictions, images, narrow ? 2 * across_narrow : across_wide));
  drawing.height += margin;
  return drawing;
}

}  // namespace nib
