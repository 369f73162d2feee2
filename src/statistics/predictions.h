#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace nib {

/// What a network said of each image of a labelled set, in file order: the content of test_predictions.csv.
struct Predictions {
  std::size_t classes = 0;
  std::vector<std::uint8_t> labels{};     ///< true classes
  std::vector<std::uint8_t> predicted{};  ///< the class with the highest probability, the first of several
  std::vector<float> probabilities{};     ///< (image, class)

  std::size_t size() const { return labels.size(); }
  std::span<const float> of_image(std::size_t image) const {
    return std::span(probabilities).subspan(image * classes, classes);
  }
  /// The probability of the predicted class.
  float confidence(std::size_t image) const { return probabilities[image * classes + predicted[image]]; }
};

/// Finds the predicted classes, at most 256. `labels` may be empty where nobody knows them. Throws
/// std::invalid_argument when the sizes do not belong together.
Predictions make_predictions(std::vector<std::uint8_t> labels, std::vector<float> probabilities, std::size_t classes);

/// How often each class was taken for each: (true class, predicted class).
std::vector<std::uint64_t> confusion_matrix(const Predictions& predictions);

}  // namespace nib
