// What all engines have in common: every call checks what it is given, and then does it.

#include "nib/engine.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "base/error.h"
#include "model/engine_checks.h"
#include "model/fit.h"

namespace nib {
namespace {

std::uint64_t next_number() {
  static std::atomic<std::uint64_t> engines{0};
  return ++engines;
}

}  // namespace

TrainingState first_state(const Network& network, Parameters parameters, const Optimizer& optimizer) {
  TrainingState state{.parameters = std::move(parameters)};
  for (std::string& name : moment_names(optimizer))
    state.moments.push_back({std::move(name), zero_parameters(network)});
  return state;
}

bool all_finite(const TrainingState& state) {
  return all_finite(state.parameters) &&
         std::ranges::all_of(state.moments, [](const Moment& moment) { return all_finite(moment.values); });
}

Engine::Engine(EngineOptions options) : options_(std::move(options)), number_(next_number()) {
  validate(options_.network);
  check_training_options(options_);
  if (options_.batch == 0)
    throw Error(ExitCode::bug, {.field = "batch", .problem = "out of range", .expected = "1 or more", .got = "0"});
}

void Engine::check_owner(const ImageSet& images) const {
  if (images.owner_ != number_)
    throw Error(ExitCode::bug, {.field = "images",
                                .problem = "the set belongs to another engine",
                                .expected = "what this engine's upload() returned",
                                .got = "what another one's did"});
}

ImageSet Engine::upload(std::shared_ptr<const Dataset> dataset) {
  check_dataset(dataset.get());
  check_images_fit(options_.network, *dataset);
  std::unique_ptr<ImageSet::Storage> storage = do_upload(dataset);
  return {number_, std::move(dataset), std::move(storage)};
}

TrainResult Engine::train(const ImageSet& images, std::span<const std::uint32_t> order,
                          std::span<const double> learning_rates, const Progress& progress) {
  check_owner(images);
  check_labelled(images.dataset());
  check_order(order, images.dataset().size());
  check_learning_rates(learning_rates.size(), order.size(), options_.batch);
  return do_train(images, order, learning_rates, progress);
}

Metrics Engine::evaluate(const ImageSet& images, std::span<float> probabilities, const EvaluationProgress& progress) {
  check_owner(images);
  check_probabilities(probabilities.size(), images.dataset().size(), class_count(options_.network));
  Metrics metrics = do_evaluate(images, probabilities, progress);
  if (options_.optimizer.l2 > 0 && metrics.labelled)
    metrics.loss_sum += static_cast<double>(metrics.rows) * l2_penalty(options_.optimizer, state().parameters);
  return metrics;
}

void Engine::set_state(const TrainingState& state) {
  check_state_fits(options_.network, options_.optimizer, state);
  do_set_state(state);
}

Diagnostics Engine::diagnostics(const ImageSet& images, std::span<const std::uint32_t> order, unsigned steps) {
  check_owner(images);
  check_labelled(images.dataset());
  check_order(order, images.dataset().size());
  if (order.empty() || steps == 0)
    throw Error(ExitCode::bug, {.field = order.empty() ? "order" : "steps",
                                .problem = "there is nothing to measure",
                                .expected = "1 or more",
                                .got = "0"});
  std::vector<std::uint32_t> rows(std::size_t{steps} * options_.batch);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = order[i % order.size()];
  const TrainingState before = state();
  Diagnostics diagnostics = do_diagnostics(images, rows);
  do_set_state(before);
  return diagnostics;
}

}  // namespace nib
