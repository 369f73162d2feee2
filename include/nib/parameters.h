#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nib/network.h"

namespace nib {

struct Tensor {
  std::string name;
  std::vector<std::uint32_t> shape;  ///< row-major
  std::vector<float> values;
  bool operator==(const Tensor&) const = default;
};

/// The parameters of a network (or one number for each of them, such as a moment of its optimizer): the tensors of
/// parameter_specs(), in that order and layout.
struct Parameters {
  std::vector<Tensor> tensors;
  bool operator==(const Parameters&) const = default;
};

/// Tensors of zeros.
Parameters zero_parameters(const Network& network);

/// Glorot-uniform kernels (limit sqrt(6 / (fan_in + fan_out))) and zero biases. Each number comes from
/// Philox4x32-10 keyed by seed, tensor index and element, so it depends on neither order nor platform.
Parameters initial_parameters(const Network& network, std::uint64_t seed);

/// True when every number is finite.
bool all_finite(const Parameters& parameters);

}  // namespace nib
