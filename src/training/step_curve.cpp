#include "training/step_curve.h"

#include <utility>

namespace nib {

void StepCurve::add(const StepResult& step) {
  if (parts.size() == most_parts && steps % width == 0) {
    for (std::size_t i = 0; i < most_parts / 2; ++i) {
      const Part &one = parts[2 * i], &two = parts[2 * i + 1];
      parts[i] = {one.images + two.images, one.correct + two.correct, one.loss_sum + two.loss_sum};
    }
    parts.resize(most_parts / 2);
    width *= 2;
  }
  if (steps % width == 0) parts.emplace_back();
  Part& part = parts.back();
  part.images += step.rows;
  part.correct += step.correct;
  part.loss_sum += step.loss;
  ++steps;
}

Json to_json(const StepCurve& curve) {
  Json images = Json::array(), correct = Json::array(), losses = Json::array();
  for (const StepCurve::Part& part : curve.parts) {
    images.push_back(part.images);
    correct.push_back(part.correct);
    losses.push_back(part.loss_sum);
  }
  return {{"steps", curve.steps},
          {"width", curve.width},
          {"images", std::move(images)},
          {"correct", std::move(correct)},
          {"loss_sum", std::move(losses)}};
}

StepCurve step_curve(const JsonReader& value) {
  const JsonReader steps = value.at("steps"), width = value.at("width");
  StepCurve curve{.width = width.whole_number(), .steps = steps.whole_number()};
  if (curve.width == 0) throw width.error("out of range", "1 or more", "0");
  const std::uint64_t parts = curve.steps / curve.width + (curve.steps % curve.width == 0 ? 0 : 1);
  if (parts > StepCurve::most_parts)
    throw steps.error("too many for this width", "at most " + std::to_string(StepCurve::most_parts) + " parts",
                      std::to_string(parts));
  const std::vector<JsonReader> images = value.at("images").items(parts), correct = value.at("correct").items(parts),
                                losses = value.at("loss_sum").items(parts);
  for (std::size_t i = 0; i < parts; ++i) {
    curve.parts.push_back({images[i].whole_number(), correct[i].whole_number(), losses[i].number()});
    if (curve.parts[i].correct > curve.parts[i].images)
      throw correct[i].error("more than images", "at most " + std::to_string(curve.parts[i].images),
                             std::to_string(curve.parts[i].correct));
  }
  return curve;
}

}  // namespace nib
