#include "engines/cpu/features.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <variant>
#include <vector>

#include "engines/cpu/cpu_engine.h"
#include "engines/cpu/step.h"
#include "model/fit.h"

namespace nib::cpu {
namespace {

/// (cell, map) of what lies as (row, column, map).
void cell_means(const ActivationBuffer& maps, const float* values, std::uint32_t cells, std::span<float> means) {
  const Extent& extent = maps.extent;
  std::ranges::fill(means, 0.0F);
  const auto begin = [&](std::uint32_t cell, std::uint32_t count) { return cell * count / cells; };
  const auto behind = [&](std::uint32_t cell, std::uint32_t count) { return ((cell + 1) * count + cells - 1) / cells; };
  for (std::uint32_t cell = 0; cell < cells * cells; ++cell) {
    const std::uint32_t top = begin(cell / cells, extent.height), bottom = behind(cell / cells, extent.height),
                        left = begin(cell % cells, extent.width), end = behind(cell % cells, extent.width);
    const std::span<float> mean = means.subspan(std::size_t{cell} * extent.channels, extent.channels);
    for (std::uint32_t row = top; row < bottom; ++row)
      for (std::uint32_t column = left; column < end; ++column) {
        const float* const at = values + (std::size_t{row} * extent.width + column) * extent.channel_stride;
        for (std::size_t map = 0; map < mean.size(); ++map) mean[map] += at[map];
      }
    for (float& each : mean) each /= static_cast<float>((bottom - top) * (end - left));
  }
}

}  // namespace

std::optional<std::size_t> unit_count(const Network& network) {
  for (std::size_t i = network.layers.size() - 1; i > 0; --i) {
    const Layer& before = network.layers[i - 1];
    if (const auto* dense = std::get_if<Dense>(&before)) return dense->units;
    if (!std::holds_alternative<Dropout>(before)) return std::nullopt;
  }
  return std::nullopt;
}

std::size_t map_number_count(const Network& network, std::uint32_t cells) {
  std::size_t maps = 0;
  for (const Layer& layer : network.layers)
    if (const auto* convolution = std::get_if<Convolution>(&layer)) maps = convolution->filters;
  return std::size_t{cells} * cells * maps;
}

struct FeatureReader::State {
  State(const Network& known, unsigned threads, std::uint32_t cells_a_side)
      : options{.network = known, .cpu = {.threads = threads}},
        own(std::make_unique<StepRunner>(options)),
        cells(cells_a_side),
        steps(*own) {}
  State(StepRunner& engines, std::uint32_t cells_a_side) : cells(cells_a_side), steps(engines) {}

  EngineOptions options{};
  std::unique_ptr<StepRunner> own{};  ///< null where it is an engine's
  std::uint32_t cells;
  StepRunner& steps;
};

FeatureReader::FeatureReader(const Network& network, const Parameters& parameters, unsigned threads,
                             std::uint32_t cells) {
  if (!unit_count(network)) throw std::invalid_argument("no dense layer before the last one");
  const FloatingPointEnvironment environment;
  state_ = std::make_unique<State>(network, threads, cells);
  state_->steps.set_parameters(parameters);
}

FeatureReader::FeatureReader(Engine& engine, std::uint32_t cells) {
  StepRunner* const steps = steps_of(engine);
  if (!steps || !unit_count(steps->network()))
    throw std::invalid_argument("no CPU engine of a network with a dense layer before the last one");
  state_ = std::make_unique<State>(*steps, cells);
}

FeatureReader::~FeatureReader() = default;

void FeatureReader::read(const Dataset& images, const std::function<void(const Image&)>& take) {
  read_all(images, take, [](std::size_t, std::size_t) { return true; });
}

Metrics FeatureReader::test(const Dataset& images, const std::function<void(const Image&)>& take,
                            const EvaluationProgress& progress) {
  const std::size_t classes = class_count(state_->steps.network());
  Metrics metrics = no_results(images, classes);
  read_all(images, take, [&](std::size_t first, std::size_t rows) {
    count_results(images, first, state_->steps.results(rows), classes, metrics);
    metrics.stopped = progress && progress(metrics.rows) == Next::stop;
    return !metrics.stopped;
  });
  return metrics;
}

void FeatureReader::read_all(const Dataset& images, const std::function<void(const Image&)>& take,
                             const std::function<bool(std::size_t first, std::size_t rows)>& done) {
  const Network& network = state_->steps.network();
  check_images_fit(network, images);
  const FloatingPointEnvironment environment;
  StepRunner& steps = state_->steps;
  const Program& program = steps.program();
  ActivationBuffer& units = *program.activations[program.activations.size() - 2];
  ActivationBuffer& maps = *program.activations[program.spatial_blocks];
  const std::size_t classes = class_count(network), width = *unit_count(network);
  std::vector<float> means(map_number_count(network, state_->cells));
  std::vector<std::uint32_t> rows;
  for (std::size_t begin = 0; begin < images.size(); begin += rows.size()) {
    rows.resize(std::min<std::size_t>(steps.row_capacity(), images.size() - begin));
    std::iota(rows.begin(), rows.end(), static_cast<std::uint32_t>(begin));
    steps.forward(images, rows);
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (!means.empty()) cell_means(maps, maps.row(row), state_->cells, means);
      take({.index = begin + row,
            .units = {units.row(row), width},
            .maps = means,
            .probabilities = {steps.probabilities() + row * classes, classes}});
    }
    if (!done(begin, rows.size())) return;
  }
}

}  // namespace nib::cpu
