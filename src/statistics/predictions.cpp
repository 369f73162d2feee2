#include "statistics/predictions.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace nib {

Predictions make_predictions(std::vector<std::uint8_t> labels, std::vector<float> probabilities, std::size_t classes) {
  const std::size_t images = classes ? probabilities.size() / classes : 0;
  if (images * classes != probabilities.size() || (!labels.empty() && labels.size() != images))
    throw std::invalid_argument("labels and probabilities are not of the same images");
  Predictions predictions{.classes = classes, .labels = std::move(labels), .probabilities = std::move(probabilities)};
  predictions.predicted.resize(images);
  for (std::size_t image = 0; image < images; ++image) {
    const std::span<const float> of_image = predictions.of_image(image);
    predictions.predicted[image] = static_cast<std::uint8_t>(std::ranges::max_element(of_image) - of_image.begin());
  }
  return predictions;
}

std::vector<std::uint64_t> confusion_matrix(const Predictions& predictions) {
  std::vector<std::uint64_t> counts(predictions.classes * predictions.classes);
  for (std::size_t image = 0; image < predictions.size(); ++image)
    ++counts[predictions.labels[image] * predictions.classes + predictions.predicted[image]];
  return counts;
}

}  // namespace nib
