#include "engines/cuda/batches.h"

#include <algorithm>
#include <bit>

#include "engines/cuda/step.h"

namespace nib::cuda {
namespace {

constexpr std::uint64_t most_evaluation_rows = 1024;

/// What all layers of an evaluation step put out takes at most this much, as long as that is one image or more.
constexpr std::uint64_t most_activation_bytes = std::uint64_t{256} << 20;

/// The images of a streamed chunk take at most this much, as long as that is one step or more.
constexpr std::uint64_t most_chunk_bytes = std::uint64_t{64} << 20;

std::uint64_t pixels(const Network& network) {
  return std::uint64_t{network.input.height} * network.input.width * network.input.channels;
}

}  // namespace

std::uint32_t evaluation_rows(const Network& network) {
  std::uint64_t numbers = pixels(network);
  for (const Shape& shape : output_shapes(network))
    numbers += std::uint64_t{shape.height} * shape.width * shape.channels;
  const std::uint64_t rows = std::min({most_evaluation_rows, most_activation_bytes / (numbers * sizeof(float)),
                                       most_chunk_bytes / (pixels(network) * steps_per_graph)});
  return static_cast<std::uint32_t>(std::bit_floor(std::max<std::uint64_t>(rows, 1)));
}

std::uint32_t chunk_steps(const EngineOptions& options) {
  const std::uint64_t bytes = options.batch * pixels(options.network);
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(most_chunk_bytes / bytes, 1, steps_per_graph));
}

}  // namespace nib::cuda
