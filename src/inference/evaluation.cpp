#include "inference/evaluation.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/signals.h"
#include "base/text.h"
#include "terminal/classification.h"

namespace nib {

std::optional<Evaluation> evaluate_all(Engine& engine, const ImageSet& images) {
  const std::size_t classes = images.dataset().class_names.size();
  Evaluation evaluation;
  std::vector<float> probabilities(images.dataset().size() * classes);
  const auto begin = std::chrono::steady_clock::now();
  evaluation.metrics = engine.evaluate(images, probabilities,
                                       [](std::uint64_t) { return requested_stop() != 0 ? Next::stop : Next::go_on; });
  evaluation.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (evaluation.metrics.stopped || requested_stop() != 0) return std::nullopt;
  if (!std::isfinite(evaluation.loss()))
    throw numeric_error({.problem = "the loss over the test images is not finite",
                         .got = fmt::format("{}", evaluation.loss()),
                         .hint = "weights this large overflow in the network"});
  evaluation.predictions = make_predictions(images.dataset().labels, std::move(probabilities), classes);
  return evaluation;
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
  const std::size_t classes = evaluation.predictions.classes;
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

}  // namespace nib
