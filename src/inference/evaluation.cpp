#include "inference/evaluation.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>

#include "base/error.h"
#include "base/signals.h"

namespace nib {
namespace {

TestResult test_result(const Metrics& metrics) {
  if (!metrics.labelled) return {.images = metrics.rows};
  const auto rows = static_cast<double>(metrics.rows);
  return {.images = metrics.rows,
          .correct = metrics.correct,
          .loss = metrics.loss_sum / rows,
          .accuracy = static_cast<double>(metrics.correct) / rows,
          .confusion = metrics.confusion};
}

void check_finite(const Metrics& metrics, const TestResult& result, std::span<const float> probabilities) {
  const char* const hint = "weights this large overflow in the network";
  if (metrics.labelled && !std::isfinite(result.loss))
    throw numeric_error({.problem = "the loss over the test images is not finite",
                         .got = fmt::format("{}", result.loss),
                         .hint = hint});
  if (!metrics.labelled && !std::ranges::all_of(probabilities, [](float each) { return std::isfinite(each); }))
    throw numeric_error({.problem = "the network's probabilities are not finite", .hint = hint});
}

}  // namespace

std::optional<Evaluation> evaluate_by(const Dataset& dataset, const TestOfSet& test) {
  std::vector<float> probabilities(dataset.size() * dataset.class_names.size());
  const auto begin = std::chrono::steady_clock::now();
  const Metrics metrics =
      test(probabilities, [](std::uint64_t) { return requested_stop() != 0 ? Next::stop : Next::go_on; });
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (metrics.stopped || requested_stop() != 0) return std::nullopt;
  Evaluation evaluation{.result = test_result(metrics), .predictions = {}, .seconds = seconds};
  check_finite(metrics, evaluation.result, probabilities);
  evaluation.predictions = make_predictions(dataset.labels, std::move(probabilities), dataset.class_names.size());
  return evaluation;
}

std::optional<Evaluation> evaluate_all(Engine& engine, const ImageSet& images) {
  return evaluate_by(images.dataset(), [&](std::span<float> probabilities, const EvaluationProgress& progress) {
    return engine.evaluate(images, probabilities, progress);
  });
}

}  // namespace nib
