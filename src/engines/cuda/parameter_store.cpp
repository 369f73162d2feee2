#include "engines/cuda/parameter_store.h"

#include <array>
#include <variant>

namespace nib::cuda {
namespace {

/// Where each number of a convolution's canonical weights (filter, channel, row, column) lies in
/// (filter, row, column, channel).
std::vector<std::uint32_t> convolution_positions(const std::vector<std::uint32_t>& shape) {
  std::vector<std::uint32_t> positions;
  for (std::uint32_t filter = 0; filter < shape[0]; ++filter)
    for (std::uint32_t channel = 0; channel < shape[1]; ++channel)
      for (std::uint32_t row = 0; row < shape[2]; ++row)
        for (std::uint32_t column = 0; column < shape[3]; ++column)
          positions.push_back(((filter * shape[2] + row) * shape[3] + column) * shape[1] + channel);
  return positions;
}

/// A dense layer's canonical inputs are numbered (channel, row, column), here (row, column, channel).
std::vector<std::uint32_t> dense_positions(std::uint32_t units, const Shape& input) {
  const auto inputs = static_cast<std::uint32_t>(input.size());
  std::vector<std::uint32_t> positions;
  for (std::uint32_t unit = 0; unit < units; ++unit)
    for (std::uint32_t channel = 0; channel < input.channels; ++channel)
      for (std::uint32_t pixel = 0; pixel < input.height * input.width; ++pixel)
        positions.push_back(unit * inputs + pixel * input.channels + channel);
  return positions;
}

std::vector<std::uint32_t> bias_positions(std::uint64_t count) {
  std::vector<std::uint32_t> positions;
  for (std::uint32_t i = 0; i < count; ++i) positions.push_back(i);
  return positions;
}

/// The image that a dense layer's inputs come from, through Flatten and Dropout, which keep their order.
Shape image_before(const Network& network, std::size_t layer) {
  const std::vector<Shape> outputs = output_shapes(network);
  std::size_t i = layer;
  while (i > 0 && (std::holds_alternative<Flatten>(network.layers[i - 1]) ||
                   std::holds_alternative<Dropout>(network.layers[i - 1])))
    --i;
  return i == 0 ? network.input : outputs[i - 1];
}

std::vector<std::uint32_t> positions_of(const Network& network, const ParameterSpec& spec) {
  if (spec.shape.size() == 1) return bias_positions(spec.size());
  if (spec.shape.size() == 4) return convolution_positions(spec.shape);
  return dense_positions(spec.shape[0], image_before(network, spec.layer));
}

}  // namespace

ParameterStore::ParameterStore(Arena& arena, const Network& network, std::size_t moments) {
  const std::vector<ParameterSpec> specs = parameter_specs(network);
  for (const ParameterSpec& spec : specs) positions_.push_back(positions_of(network, spec));
  offsets_.resize(specs.size());
  std::size_t size = 0;
  const auto place = [&](std::size_t tensor) {
    offsets_[tensor] = size;
    size += aligned_size(positions_[tensor].size());
    for (std::uint32_t& position : positions_[tensor]) position += static_cast<std::uint32_t>(offsets_[tensor]);
  };
  for (std::size_t tensor = 0; tensor < specs.size(); tensor += 2) place(tensor);
  weights_size_ = size;
  for (std::size_t tensor = 1; tensor < specs.size(); tensor += 2) place(tensor);
  values_ = ArenaArray<float>(arena, size);
  for (std::size_t m = 0; m < moments; ++m) moments_.emplace_back(arena, size);
  gradients_ = ArenaArray<float>(arena, size);
}

void ParameterStore::clear(cudaStream_t stream) const {
  const auto clear_array = [&](const ArenaArray<float>& array) {
    NIB_CHECK_CUDA(cudaMemsetAsync(array.get(), 0, array.bytes(), stream));
  };
  clear_array(values_);
  for (const ArenaArray<float>& moment : moments_) clear_array(moment);
  clear_array(gradients_);
}

void ParameterStore::upload(const TrainingState& state, cudaStream_t stream) {
  std::vector<float> flat(size());
  const auto send = [&](const Parameters& from, const ArenaArray<float>& to) {
    for (std::size_t tensor = 0; tensor < positions_.size(); ++tensor)
      for (std::size_t i = 0; i < positions_[tensor].size(); ++i)
        flat[positions_[tensor][i]] = from.tensors[tensor].values[i];
    NIB_CHECK_CUDA(cudaMemcpyAsync(to.get(), flat.data(), to.bytes(), cudaMemcpyHostToDevice, stream));
    NIB_CHECK_CUDA(cudaStreamSynchronize(stream));
  };
  send(state.parameters, values_);
  for (std::size_t m = 0; m < moments_.size(); ++m) send(state.moments[m].values, moments_[m]);
}

void ParameterStore::download(TrainingState& state, cudaStream_t stream) const {
  std::vector<float> flat(size());
  const auto fetch = [&](const ArenaArray<float>& from, Parameters& to) {
    NIB_CHECK_CUDA(cudaMemcpyAsync(flat.data(), from.get(), from.bytes(), cudaMemcpyDeviceToHost, stream));
    NIB_CHECK_CUDA(cudaStreamSynchronize(stream));
    for (std::size_t tensor = 0; tensor < positions_.size(); ++tensor)
      for (std::size_t i = 0; i < positions_[tensor].size(); ++i)
        to.tensors[tensor].values[i] = flat[positions_[tensor][i]];
  };
  fetch(values_, state.parameters);
  for (std::size_t m = 0; m < moments_.size(); ++m) fetch(moments_[m], state.moments[m].values);
}

}  // namespace nib::cuda
