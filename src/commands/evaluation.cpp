#include "commands/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <span>

#include "base/error.h"
#include "base/signals.h"
#include "base/text.h"
#include "report/classification.h"

namespace nib {
namespace {

std::span<const float> probabilities_of(const Evaluation& evaluation, std::size_t image) {
  const std::size_t classes = evaluation.probabilities.size() / evaluation.metrics.rows;
  return std::span(evaluation.probabilities).subspan(image * classes, classes);
}

}  // namespace

std::optional<Evaluation> evaluate_all(Engine& engine, const ImageSet& images) {
  Evaluation evaluation;
  evaluation.probabilities.resize(images.dataset().size() * images.dataset().class_names.size());
  const auto begin = std::chrono::steady_clock::now();
  evaluation.metrics = engine.evaluate(images, evaluation.probabilities, [](std::span<const StepResult>) {
    return requested_stop() != 0 ? Next::stop : Next::go_on;
  });
  evaluation.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (evaluation.metrics.stopped || requested_stop() != 0) return std::nullopt;
  if (!std::isfinite(evaluation.loss()))
    throw numeric_error({.problem = "the loss over the test images is not finite",
                         .got = fmt::format("{}", evaluation.loss()),
                         .hint = "weights this large overflow in the network"});
  return evaluation;
}

std::uint32_t predicted_class(const Evaluation& evaluation, std::size_t image) {
  const std::span<const float> of_image = probabilities_of(evaluation, image);
  return static_cast<std::uint32_t>(std::ranges::max_element(of_image) - of_image.begin());
}

std::string result_lines(const Evaluation& evaluation) {
  return fmt::format("Test loss: {:.6f}\nTest accuracy: {:.4f} ({} of {})\n", evaluation.loss(), evaluation.accuracy(),
                     with_commas(evaluation.metrics.correct), with_commas(evaluation.metrics.rows));
}

std::string result_tables(const Evaluation& evaluation, const std::vector<std::string>& class_names, unsigned digits,
                          const Terminal& terminal) {
  return fmt::format("Confusion matrix\n{}\nClassification report\n{}",
                     confusion_table(evaluation.metrics.confusion, class_names, terminal),
                     classification_report(evaluation.metrics.confusion, class_names, digits));
}

nlohmann::ordered_json result_json(const Evaluation& evaluation) {
  const std::vector<std::uint64_t>& counts = evaluation.metrics.confusion;
  const std::size_t classes = evaluation.probabilities.size() / evaluation.metrics.rows;
  nlohmann::ordered_json matrix = nlohmann::ordered_json::array();
  for (std::size_t begin = 0; begin < counts.size(); begin += classes)
    matrix.push_back(std::vector(counts.begin() + static_cast<std::ptrdiff_t>(begin),
                                 counts.begin() + static_cast<std::ptrdiff_t>(begin + classes)));
  return {{"images", evaluation.metrics.rows},
          {"correct", evaluation.metrics.correct},
          {"loss", evaluation.loss()},
          {"accuracy", evaluation.accuracy()},
          {"confusion_matrix", matrix}};
}

std::string predictions_csv(const Evaluation& evaluation, const Dataset& dataset) {
  std::string text = "index,true,predicted";
  for (std::size_t number = 0; number < dataset.class_names.size(); ++number) text += fmt::format(",p{}", number);
  text += '\n';
  for (std::size_t image = 0; image < dataset.size(); ++image) {
    fmt::format_to(std::back_inserter(text), "{},{},{}", image, dataset.labels[image],
                   predicted_class(evaluation, image));
    for (const float probability : probabilities_of(evaluation, image))
      fmt::format_to(std::back_inserter(text), ",{:.9g}", probability);
    text += '\n';
  }
  return text;
}

}  // namespace nib
