#include "nib/parameters.h"

#include <algorithm>
#include <cmath>

#include "nib/arithmetic/philox.h"

namespace nib {
namespace {

/// Fills a kernel with numbers uniform in [-limit, limit), limit = sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio,
/// "Understanding the difficulty of training deep feedforward neural networks", 2010). Element e, in the canonical
/// row-major order, is (2 u - 1) limit with u = unit_float(random_word(seed, initial_values, tensor, 0, e)). The limit
/// is taken in double and rounded once to float; 2 u - 1 is exact in float, so the product is the only other rounding
/// and every platform gets the same bits.
void fill_glorot_uniform(const ParameterSpec& spec, std::uint64_t seed, std::uint32_t tensor,
                         std::vector<float>& values) {
  const auto limit = static_cast<float>(std::sqrt(6.0 / static_cast<double>(spec.fan_in + spec.fan_out)));
  for (std::uint64_t element = 0; element < values.size(); ++element) {
    const float u = unit_float(random_word(seed, RandomUse::initial_values, tensor, 0, element));
    values[element] = (2.0F * u - 1.0F) * limit;
  }
}

}  // namespace

Parameters zero_parameters(const Network& network) {
  Parameters parameters;
  for (const ParameterSpec& spec : parameter_specs(network))
    parameters.tensors.push_back({spec.name, spec.shape, std::vector<float>(spec.size(), 0.0F)});
  return parameters;
}

Parameters initial_parameters(const Network& network, std::uint64_t seed) {
  Parameters parameters = zero_parameters(network);
  const std::vector<ParameterSpec> specs = parameter_specs(network);
  for (std::uint32_t tensor = 0; tensor < specs.size(); ++tensor)
    if (specs[tensor].fan_in > 0) fill_glorot_uniform(specs[tensor], seed, tensor, parameters.tensors[tensor].values);
  return parameters;
}

bool all_finite(const Parameters& parameters) {
  return std::all_of(parameters.tensors.begin(), parameters.tensors.end(), [](const Tensor& tensor) {
    return std::all_of(tensor.values.begin(), tensor.values.end(), [](float value) { return std::isfinite(value); });
  });
}

}  // namespace nib
