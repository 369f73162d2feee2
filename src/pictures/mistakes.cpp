#include "statistics/mistakes.h"

#include <fmt/core.h>

#include "pictures/image_grid.h"
#include "pictures/pictures.h"

namespace nib {
namespace {

constexpr std::size_t shown = 12, across_wide = 4, across_narrow = 2;

Drawing no_mistakes() {
  Drawing drawing{.width = 560, .height = 80};
  drawing.add(Text{
      .at = {280, 45}, .text = "Every test image was predicted as labelled.", .size = 14, .anchor = Anchor::middle});
  return drawing;
}

}  // namespace

Drawing mistakes_picture(const Dataset& dataset, const Predictions& predictions, Sheet sheet) {
  const std::size_t across = sheet == Sheet::narrow ? across_narrow : across_wide;
  const std::vector<std::string>& names = dataset.class_names;
  std::vector<GridImage> images;
  for (const std::size_t index : most_confident_mistakes(predictions, shown)) {
    const std::size_t label = predictions.labels[index], predicted = predictions.predicted[index];
    images.push_back(
        {.index = index,
         .above = {fmt::format("No. {}", index),
                   fmt::format("Predicted: {} ({})", names[predicted], rounded_percent(predictions.confidence(index))),
                   fmt::format("True: {} ({})", names[label], rounded_percent(predictions.of_image(index)[label]))}});
  }
  Drawing drawing = images.empty() ? no_mistakes() : image_grid(dataset, images, across);
  drawing.name = "mistakes";
  drawing.title = "Mistakes";
  drawing.description = "The most confident wrong predictions with the probabilities of predicted and true class";
  return drawing;
}

}  // namespace nib
