#include "pictures/run_pictures.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "pictures/pictures.h"

namespace nib {
namespace {

constexpr std::size_t sample_images = 9;

enum class Of { training, augmentation, test, weights };

/// What a page says of a picture, and what it shows.
struct Description {
  const char* name;
  const char* title;
  const char* caption;
  Of of;
};

constexpr Description descriptions[] = {
    {"curves", "Accuracy and loss",
     "Training figures are means over an epoch while the weights move, validation figures those at its end. The faint "
     "line is the mean of a few batches each.",
     Of::training},
    {"samples", "Training images", "The first images of the training set with their labels.", Of::training},
    {"augmentation", "Augmented training images",
     "The first image of each class, and what the first steps make of an image in its place of the batch. Each time an "
     "image is trained on, it is moved anew.",
     Of::augmentation},
    {"predictions", "Predictions",
     "The first test image of each class, and the ones with the least probability. The bar is the probability of the "
     "predicted class.",
     Of::test},
    {"confusion", "Confusion matrix",
     "Counts of test images; beside them recall, below them precision. Colour is the share of the true class on log "
     "scales, so that single errors show.",
     Of::test},
    {"mistakes", "Most confident mistakes",
     "Wrongly predicted test images, the most confident first, with the probabilities of predicted and true class.",
     Of::test},
    {"per-class", "Precision and recall of each class", "The lowest F1 score first. Bars are 95 % Wilson intervals.",
     Of::test},
    {"calibration", "Calibration",
     "How often predictions of a given confidence are right. On the dashed line confidence is what it says.", Of::test},
    {"kernels", "Filters of the first convolution",
     "Blue weighs ink positively, orange with a minus negatively; the stronger the colour, the larger the weight.",
     Of::weights},
};

/// The drawing of a picture, where its sources are there.
std::optional<Drawing> draw(const std::string& name, const PictureSources& sources, Sheet sheet) {
  const bool has_history = sources.history && !sources.history->empty();
  if (name == "curves" && has_history)
    return curves_picture(*sources.history, sources.best_epoch, sources.step_curve, sheet);
  if (name == "kernels" && sources.kernel) return kernels_picture(*sources.kernel, sheet);
  if (name == "samples" && sources.training) {
    std::vector<std::size_t> indices(std::min(sample_images, sources.training->size()));
    std::iota(indices.begin(), indices.end(), std::size_t{0});
    return samples_picture(*sources.training, indices, sheet);
  }
  if (name == "augmentation" && sources.training)
    return augmentation_picture(*sources.training, sources.augmentation, sources.seed, sheet);
  if (!sources.predictions) return std::nullopt;
  const Predictions& predictions = *sources.predictions;
  if (name == "confusion") return confusion_picture(predictions, sources.class_names, sheet);
  if (name == "per-class") return per_class_picture(predictions, sources.class_names, sheet);
  if (name == "calibration") return calibration_picture(predictions);
  if (!sources.test) return std::nullopt;
  if (name == "predictions") return predictions_picture(*sources.test, predictions, sheet);
  if (name == "mistakes") return mistakes_picture(*sources.test, predictions, sheet);
  return std::nullopt;
}

/// The same on a narrow sheet, where that is another one.
std::optional<Drawing> draw_narrow(const std::optional<Drawing>& wide, const PictureSources& sources) {
  if (!wide) return std::nullopt;
  std::optional<Drawing> narrow = draw(wide->name, sources, Sheet::narrow);
  if (narrow->width == wide->width) return std::nullopt;
  narrow->name += "-narrow";
  return narrow;
}

}  // namespace

std::vector<RunPicture> draw_pictures(const PictureSources& sources) {
  std::vector<RunPicture> pictures;
  for (const Description& each : descriptions) {
    if (each.of == Of::test && !sources.tested) continue;
    if (each.of == Of::augmentation && !sources.augmentation.any()) continue;
    pictures.push_back({.name = each.name, .title = each.title, .caption = each.caption});
    std::optional<Drawing> wide = draw(each.name, sources, Sheet::wide);
    if (std::optional<Drawing> narrow = draw_narrow(wide, sources))
      pictures.back().narrow = with_title(std::move(*narrow), sources.title.parts());
    if (wide) pictures.back().drawing = with_title(std::move(*wide), sources.title.parts());
  }
  return pictures;
}

const Tensor* first_kernel(const Network& network, const Parameters& parameters) {
  const bool convolution = std::holds_alternative<Convolution>(network.layers.front());
  return convolution && network.input.channels == 1 ? &parameters.tensors.front() : nullptr;
}

std::vector<std::string> run_picture_names(bool augmented) {
  std::vector<std::string> names;
  for (const Description& each : descriptions)
    if (augmented || each.of != Of::augmentation) names.emplace_back(each.name);
  return names;
}

std::vector<std::string> evaluation_picture_names() {
  std::vector<std::string> names;
  for (const Description& each : descriptions)
    if (each.of == Of::test || each.of == Of::weights) names.emplace_back(each.name);
  return names;
}

}  // namespace nib
