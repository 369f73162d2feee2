#pragma once

#include <cstdint>
#include <vector>

#include "nib/network.h"
#include "nib/parameters.h"

namespace nib::keras {

/// How Keras lays out a parameter of the network: kernels of convolutions as (height, width, in, out), of dense layers
/// as (in, out) with inputs behind Flatten counted by row, column and channel; biases as they are.
std::vector<std::uint32_t> shape_of(const ParameterSpec& spec);

/// Moves numbers between the two layouts.
class Layout {
 public:
  explicit Layout(const Network& network);

  Tensor to_ours(const ParameterSpec& spec, const std::vector<float>& values) const;
  std::vector<float> to_keras(const ParameterSpec& spec, const std::vector<float>& values) const;

 private:
  /// For every number in our layout, in order, its place in Keras's.
  template <typename Visit>
  void pair_up(const ParameterSpec& spec, const Visit& visit) const;

  std::vector<Shape> inputs_;  ///< of each layer; of a dense layer behind Flatten what was flattened
};

}  // namespace nib::keras
