#include "parity/replay.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/error.h"
#include "base/signals.h"
#include "parity/gates.h"

namespace nib {
namespace {

void check_order(const Recording& recording, std::size_t images) {
  const auto first = std::ranges::find_if(recording.order, [&](std::uint32_t index) { return index >= images; });
  if (first == recording.order.end()) return;
  throw input_error({.file = recording.document,
                     .field = fmt::format("order[{}]", first - recording.order.begin()),
                     .problem = "the training set has no such image",
                     .expected = fmt::format("0 to {}", images - 1),
                     .got = std::to_string(*first)});
}

double norm_of_difference(const Tensor& one, const Tensor& other) {
  double sum = 0;
  for (std::size_t index = 0; index < one.values.size(); ++index) {
    const double difference = static_cast<double>(one.values[index]) - static_cast<double>(other.values[index]);
    sum += difference * difference;
  }
  return std::sqrt(sum);
}

/// A tensor that the peer did not move must stay where it is.
double relative(double difference, double size) {
  if (difference == 0) return 0;
  return size == 0 ? HUGE_VAL : difference / size;
}

ParityRow row_of_loss(std::size_t step, double peer, double nib) {
  return {.figure = fmt::format("loss of step {}", step),
          .peer = peer,
          .nib = nib,
          .difference = std::abs(nib - peer),
          .gate = loss_gate(step)};
}

ParityRow row_of_move(const Tensor& start, const Tensor& peer, const Tensor& nib, std::size_t steps) {
  const double move = norm_of_difference(peer, start);
  return {.figure = "move of " + start.name,
          .peer = move,
          .nib = norm_of_difference(nib, start),
          .difference = relative(norm_of_difference(nib, peer), move),
          .gate = weights_gate(steps)};
}

}  // namespace

std::optional<std::vector<ParityRow>> replay(Engine& engine, const ImageSet& images, const Recording& recording) {
  check_order(recording, images.dataset().size());
  std::vector<ParityRow> rows;
  const TrainResult result =
      engine.train(images, recording.order, recording.learning_rates, [&](std::span<const StepResult> steps) {
        for (const StepResult& step : steps)
          rows.push_back(row_of_loss(rows.size() + 1, recording.losses[rows.size()], step.loss / step.rows));
        return requested_stop() != 0 ? Next::stop : Next::go_on;
      });
  if (result.nonfinite_step)
    throw numeric_error({.file = recording.document,
                         .problem = fmt::format("step {}: loss or gradient is not finite", *result.nonfinite_step)});
  if (rows.size() < recording.losses.size()) return std::nullopt;
  const Parameters end = engine.state().parameters;
  for (std::size_t index = 0; index < end.tensors.size(); ++index)
    rows.push_back(row_of_move(recording.initial.tensors[index], recording.final.tensors[index], end.tensors[index],
                               recording.losses.size()));
  return rows;
}

}  // namespace nib
