#include "pictures/example.h"

#include <stdexcept>

#include "support/synthetic.h"

namespace nib {
namespace {

constexpr std::size_t images_in_all = 500, classes = 10;

Predictions make_example(const std::vector<std::uint8_t>& labels) {
  std::vector<float> probabilities;
  for (std::size_t image = 0; image < labels.size(); ++image) {
    const bool wrong = image % 27 == 5 || image % 97 == 3 || image % 31 == 30;
    const std::size_t predicted = wrong ? (labels[image] + 1 + image % 4) % classes : labels[image];
    const float confidence = 1 - static_cast<float>(image * image % 71) / (wrong ? 101.0F : 400.0F);
    for (std::size_t k = 0; k < classes; ++k)
      probabilities.push_back(k == predicted ? confidence : (1 - confidence) / static_cast<float>(classes - 1));
  }
  return make_predictions(labels, probabilities, classes);
}

}  // namespace

ExampleRun::ExampleRun()
    : images(synthetic::digits(28, 28, classes, images_in_all)), predictions(make_example(images.labels)) {
  const double losses[] = {0.31, 0.12, 0.08, 0.06, 0.045}, validation_losses[] = {0.17, 0.11, 0.09, 0.075, 0.082};
  for (std::uint32_t epoch = 1; epoch <= 5; ++epoch)
    history.push_back({.epoch = epoch,
                       .loss = losses[epoch - 1],
                       .accuracy = 1 - losses[epoch - 1] / 3,
                       .validation_loss = validation_losses[epoch - 1],
                       .validation_accuracy = 1 - validation_losses[epoch - 1] / 3});
}

std::vector<std::string> texts_of(const Drawing& drawing) {
  std::vector<std::string> texts;
  for (const Element& element : drawing.elements)
    if (const Text* text = std::get_if<Text>(&element.shape)) texts.push_back(text->text);
  return texts;
}

std::vector<std::string> hints_of(const Drawing& drawing) {
  std::vector<std::string> hints;
  for (const Element& element : drawing.elements)
    if (!element.hint.empty()) hints.push_back(element.hint);
  return hints;
}

const Element& element_of(const Drawing& drawing, const std::string& id) {
  for (const Element& element : drawing.elements)
    if (element.id == id) return element;
  throw std::out_of_range("no element " + id);
}

}  // namespace nib
