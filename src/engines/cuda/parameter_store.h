#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engines/cuda/library/memory.h"
#include "nib/engine.h"

namespace nib::cuda {

/// Every tensor begins at a multiple of so many numbers.
inline constexpr std::size_t tensor_alignment = 64;
constexpr std::size_t aligned_size(std::size_t size) {
  return (size + tensor_alignment - 1) / tensor_alignment * tensor_alignment;
}

/// All parameters of a network, their moments and gradients on the device, each in one flat buffer: first all weights,
/// then all biases, every tensor aligned, zeros in between. In here a convolution's weights lie
/// (filter, row, column, channel), a dense layer's (unit, input) with the inputs in NHWC order.
class ParameterStore {
 public:
  /// `moments`: of each parameter.
  ParameterStore(Arena& arena, const Network& network, std::size_t moments);

  /// Of parameter tensor `index` (as parameter_specs() numbers them: a weight, then its bias).
  float* value(std::size_t index) const { return values_.get() + offsets_[index]; }
  float* gradient(std::size_t index) const { return gradients_.get() + offsets_[index]; }

  float* values() const { return values_.get(); }
  std::size_t moments() const { return moments_.size(); }
  float* moment(std::size_t index) const { return moments_[index].get(); }
  float* gradients() const { return gradients_.get(); }
  std::size_t size() const { return values_.size(); }
  /// Numbers from the beginning of the buffer that belong to weights; the rest belongs to biases.
  std::size_t weights_size() const { return weights_size_; }

  /// Sets the padding between tensors to zeros; once, behind the arena's allocation.
  void clear(cudaStream_t stream) const;

  void upload(const TrainingState& state, cudaStream_t stream);
  /// Waits for `stream`. The tensors of `state` must be there.
  void download(TrainingState& state, cudaStream_t stream) const;

 private:
  std::vector<std::vector<std::uint32_t>> positions_;  ///< (tensor, canonical index): place in the flat buffer
  std::vector<std::size_t> offsets_;                   ///< (tensor)
  std::size_t weights_size_ = 0;
  ArenaArray<float> values_, gradients_;
  std::vector<ArenaArray<float>> moments_;
};

}  // namespace nib::cuda
