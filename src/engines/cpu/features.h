#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "nib/dataset.h"
#include "nib/engine.h"
#include "nib/network.h"
#include "nib/parameters.h"

namespace nib::cpu {

/// How many numbers the last layer is given where they are the units of a dense layer (with or without dropout behind
/// it); nothing where they are feature maps, or the image itself.
std::optional<std::size_t> unit_count(const Network& network);

/// How many cells a side feature maps are divided into.
inline constexpr std::uint32_t map_cells = 3;

/// Numbers of the feature maps that the first dense layer is given, as a FeatureReader has them: one a cell of each
/// map, or none of a network without convolutions.
std::size_t map_number_count(const Network& network, std::uint32_t cells = map_cells);

/// Takes images through the network on the host, by the code of the CPU engine and with its promise: the same bits for
/// any number of threads and any instruction set, and the probabilities of Engine::evaluate(). For a device that keeps
/// its activations to itself, too: the host takes 10,000 images through the digits network in a tenth of a second.
class FeatureReader {
 public:
  /// Of a network with a unit_count(), and its finite parameters.
  FeatureReader(const Network& network, const Parameters& parameters, unsigned threads,
                std::uint32_t cells = map_cells);
  /// Of such a network in a CPU engine, which outlives it, by the engine's own threads.
  explicit FeatureReader(Engine& engine, std::uint32_t cells = map_cells);
  ~FeatureReader();

  /// What is made of one image on its way to the answer; valid during the call.
  struct Image {
    std::size_t index = 0;
    std::span<const float> units{};  ///< what the last layer is given, behind its relu
    std::span<const float> maps{};   ///< (row of cells, column of cells, map): means over cells as large as each
                                     ///< other, which share rows and columns where they do not divide a map
    std::span<const float> probabilities{};  ///< of the classes
  };
  /// In order. Throws Error (bad input) for images of another size.
  void read(const Dataset& images, const std::function<void(const Image&)>& take);
  /// The same of images that bear labels of the network's classes, and the figures of a test beside it.
  Metrics test(const Dataset& images, const std::function<void(const Image&)>& take,
               const EvaluationProgress& progress);

 private:
  /// Calls `done(first, rows)` behind each batch; until it says no.
  void read_all(const Dataset& images, const std::function<void(const Image&)>& take,
                const std::function<bool(std::size_t first, std::size_t rows)>& done);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace nib::cpu
