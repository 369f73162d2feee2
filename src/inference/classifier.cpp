#include "inference/classifier.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"

namespace nib {

void check_finite(std::span<const float> probabilities) {
  if (!std::ranges::all_of(probabilities, [](float probability) { return std::isfinite(probability); }))
    throw numeric_error({.problem = "the network's probabilities are not finite",
                         .hint = "weights this large overflow in the network"});
}

Classifier::Classifier(WeightsFile model, const DeviceChoice& device, std::uint32_t batch, Notes& notes)
    // It never trains: of all rules the one that keeps no moments.
    : model_(std::move(model)),
      engine_(start_engine(model_, device, {.optimizer = {.rule = Sgd{}}, .batch = batch}, notes)) {}

std::vector<float> Classifier::probabilities(std::span<const std::uint8_t> pixels) {
  const Shape& input = model_.network.input;
  if (pixels.empty() || pixels.size() % input.size() != 0)
    throw input_error({.problem = "not an image of the network's size",
                       .expected = std::to_string(input.size()) + " pixels",
                       .got = std::to_string(pixels.size())});
  const std::size_t classes = class_count(model_.network);
  std::vector<float> result(pixels.size() / input.size() * classes);
  const auto image = std::make_shared<const Dataset>(Dataset{.rows = input.height,
                                                             .columns = input.width,
                                                             .class_names = std::vector<std::string>(classes),
                                                             .pixels = {pixels.begin(), pixels.end()},
                                                             .labels = {}});
  const ImageSet images = engine_->upload(image);
  engine_->evaluate(images, result, {});
  check_finite(result);
  return result;
}

std::optional<Evaluation> Classifier::evaluate(std::shared_ptr<const Dataset> dataset) {
  const ImageSet images = engine_->upload(std::move(dataset));
  return evaluate_all(*engine_, images);
}

}  // namespace nib
