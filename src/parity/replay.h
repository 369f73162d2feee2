#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nib/engine.h"
#include "parity/recording.h"

namespace nib {

/// A figure that a peer and nib both have, and how far they may be apart.
struct ParityRow {
  std::string figure;  ///< "loss of step 1", "move of conv1.weight"
  double peer = 0, nib = 0;
  double difference = 0, gate = 0;

  bool within() const { return difference <= gate; }
};

/// Does a recording's steps again, on an engine that has its initial weights. The rows: the loss of each step; then of
/// each parameter tensor how far the steps have moved it (the Euclidean norm of its change), where `difference` is the
/// norm of what the two changes differ by, relative to the peer's. nullopt when a signal asked for a stop meanwhile.
/// Throws Error: bad input for an order that names images which `images` has not, numeric for a step that is not
/// finite.
std::optional<std::vector<ParityRow>> replay(Engine& engine, const ImageSet& images, const Recording& recording);

}  // namespace nib
