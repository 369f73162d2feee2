#pragma once

#include <string>
#include <vector>

namespace nib::cuda {

/// What an engine should tell of how a library computes for it.
struct LibraryChoices {
  std::vector<std::string> unusual;         ///< "conv1 forward: algorithm 0, FMA math", see ConvolutionPass::unusual()
  std::vector<std::string> not_repeatable;  ///< names of passes whose bits may change from run to run

  /// Takes what is not there yet.
  void add(const LibraryChoices& more);

  /// The first few unusual ones, to go behind an engine's description: " (conv1 forward: ..., and 3 more)".
  std::string remark() const;
};

}  // namespace nib::cuda
