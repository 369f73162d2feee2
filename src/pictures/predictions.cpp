#include <fmt/core.h>

#include <algorithm>

#include "drawing/text_fit.h"
#include "pictures/image_grid.h"
#include "pictures/pictures.h"

namespace nib {
namespace {

constexpr std::size_t shown = 9;
constexpr std::size_t longest_line = 24;  ///< characters that stand over an image without being made small

}  // namespace

Drawing predictions_picture(const Dataset& dataset, const Predictions& predictions, Sheet sheet) {
  const std::vector<std::string>& names = dataset.class_names;
  const auto longest = std::ranges::max_element(names, {}, &std::string::size)->size();
  const bool narrow = sheet == Sheet::narrow;
  const bool one_line = !narrow && std::string("Predicted:  | True: ").size() + 2 * longest <= longest_line;
  std::vector<GridImage> images;
  for (std::size_t index = 0; index < std::min(shown, dataset.size()); ++index) {
    const std::string predicted = "Predicted: " + names[predictions.predicted[index]];
    const std::string label = "True: " + names[predictions.labels[index]];
    images.push_back(
        {.index = index,
         .above = one_line ? std::vector{fmt::format("{} | {}", predicted, label)} : std::vector{predicted, label},
         .wrong = predictions.predicted[index] != predictions.labels[index],
         .share = predictions.confidence(index)});
  }
  Drawing drawing = image_grid(dataset, images, 3, narrow ? small_image : large_image);
  drawing.name = "predictions";
  drawing.title = "Predictions";
  drawing.description = "The first test images with predicted and true class and the probability of the predicted one";
  return drawing;
}

}  // namespace nib
