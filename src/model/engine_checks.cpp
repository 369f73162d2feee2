#include "model/engine_checks.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/error.h"

namespace nib {
namespace {

Error misuse(Problem problem) { return {ExitCode::bug, std::move(problem)}; }

}  // namespace

void check_training_options(const EngineOptions& options) {
  const auto check = [](const char* field, double value, double most, bool fits) {
    if (!fits)
      throw misuse({.field = field,
                    .problem = "out of range",
                    .expected = fmt::format("0 to {}", most),
                    .got = fmt::format("{}", value)});
  };
  const auto& [shift, rotate, scale] = options.augmentation;
  check("augmentation.shift", shift, most_shift, shift >= 0 && shift <= most_shift);
  check("augmentation.rotate", rotate, most_rotation, rotate >= 0 && rotate <= most_rotation);
  check("augmentation.scale", scale, most_scaling, scale >= 0 && scale <= most_scaling);
  const Optimizer& optimizer = options.optimizer;
  check("optimizer.weight_decay", optimizer.weight_decay, greatest_weight_decay,
        optimizer.weight_decay >= 0 && optimizer.weight_decay <= greatest_weight_decay);
  const double norm = optimizer.clip_norm.value_or(1), average = optimizer.average.value_or(0);
  check("optimizer.clip_norm", norm, greatest_clip_norm, norm >= least_clip_norm && norm <= greatest_clip_norm);
  check("optimizer.average", average, 1, average >= 0 && average < 1);
  check("label_smoothing", options.label_smoothing, 1, options.label_smoothing >= 0 && options.label_smoothing < 1);
  check("optimizer.l2", optimizer.l2, greatest_l2, optimizer.l2 >= 0 && optimizer.l2 <= greatest_l2);
}

void check_dataset(const Dataset* dataset) {
  if (dataset == nullptr) throw misuse({.field = "dataset", .problem = "there is none"});
  if (!dataset->labels.empty() && dataset->labels.size() != dataset->size())
    throw input_error({.field = "labels",
                       .problem = "not one for each image",
                       .expected = fmt::format("0 or {}", dataset->size()),
                       .got = fmt::format("{}", dataset->labels.size())});
}

void check_labelled(const Dataset& dataset) {
  if (dataset.labels.size() < dataset.size())
    throw input_error({.field = "labels",
                       .problem = "training needs the class of every image",
                       .expected = fmt::format("{}", dataset.size()),
                       .got = fmt::format("{}", dataset.labels.size())});
}

void check_order(std::span<const std::uint32_t> order, std::size_t images) {
  // The greatest one first: that loop has no branch, and the place matters only where something is wrong.
  std::uint32_t greatest = 0;
  for (const std::uint32_t index : order) greatest = std::max(greatest, index);
  if (order.empty() || greatest < images) return;
  const auto first = std::ranges::find_if(order, [&](std::uint32_t index) { return index >= images; });
  throw misuse({.field = fmt::format("order[{}]", first - order.begin()),
                .problem = "the set has no such image",
                .expected = fmt::format("less than {}", images),
                .got = fmt::format("{}", *first)});
}

void check_learning_rates(std::size_t learning_rates, std::size_t images, std::uint32_t batch) {
  const std::size_t steps = images / batch + (images % batch != 0 ? 1 : 0);
  if (learning_rates != steps)
    throw misuse({.field = "learning_rates",
                  .problem = fmt::format("not one for each step of {} images", batch),
                  .expected = fmt::format("{}", steps),
                  .got = fmt::format("{}", learning_rates)});
}

void check_probabilities(std::size_t numbers, std::size_t images, std::uint32_t classes) {
  if (numbers != 0 && numbers != images * classes)
    throw misuse({.field = "probabilities",
                  .problem = "not one for each image and class",
                  .expected = fmt::format("0 or {} x {}", images, classes),
                  .got = fmt::format("{}", numbers)});
}

}  // namespace nib
