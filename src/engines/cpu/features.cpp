#include "engines/cpu/features.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "engines/cpu/step.h"
#include "model/fit.h"

namespace nib::cpu {

std::optional<std::size_t> feature_count(const Network& network) {
  for (std::size_t i = network.layers.size() - 1; i > 0; --i) {
    const Layer& before = network.layers[i - 1];
    if (const auto* dense = std::get_if<Dense>(&before)) return dense->units;
    if (!std::holds_alternative<Dropout>(before)) return std::nullopt;
  }
  return std::nullopt;
}

Features features_of(const Network& network, const Parameters& parameters, const Dataset& images, unsigned threads) {
  const std::optional<std::size_t> width = feature_count(network);
  if (!width) throw std::invalid_argument("no dense layer before the last one");
  check_images_fit(network, images);
  const FloatingPointEnvironment environment;
  const EngineOptions options{.network = network, .cpu = {.threads = threads}};
  StepRunner steps(options);
  std::size_t tensor = 0;
  for (const auto& block : steps.program().blocks) {
    for (ParameterStore* const store : {block->weights(), block->biases()})
      if (store != nullptr) {
        const std::vector<float>& values = parameters.tensors.at(tensor++).values;
        for (std::size_t i = 0; i < values.size(); ++i) store->values[store->position[i]] = values[i];
      }
    block->refresh();
  }
  const std::size_t classes = class_count(network);
  Features result{.width = *width,
                  .values = std::vector<float>(images.size() * *width),
                  .probabilities = std::vector<float>(images.size() * classes)};
  ActivationBuffer& last = *steps.program().activations[steps.program().activations.size() - 2];
  std::vector<std::uint32_t> rows;
  for (std::size_t begin = 0; begin < images.size(); begin += rows.size()) {
    rows.resize(std::min<std::size_t>(steps.row_capacity(), images.size() - begin));
    std::iota(rows.begin(), rows.end(), static_cast<std::uint32_t>(begin));
    steps.forward(images, rows);
    for (std::size_t row = 0; row < rows.size(); ++row)
      std::copy_n(last.row(row), *width, result.values.begin() + static_cast<std::ptrdiff_t>((begin + row) * *width));
    std::copy_n(steps.probabilities(), rows.size() * classes,
                result.probabilities.begin() + static_cast<std::ptrdiff_t>(begin * classes));
  }
  return result;
}

}  // namespace nib::cpu
