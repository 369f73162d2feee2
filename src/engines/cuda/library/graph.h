#pragma once

#include <concepts>
#include <cstdint>
#include <vector>

#include "engines/cuda/library/handle.h"

namespace nib::cuda {

/// How many nodes of each kind a captured graph has.
struct NodeCounts {
  std::uint64_t kernels = 0, copies = 0, memsets = 0, others = 0;
};

/// Work that was put into a stream once and can be put there again with one call.
class CapturedWork {
 public:
  CapturedWork() = default;

  /// Captures what `work` puts into `stream`; nothing of it runs. All of it must have run once before, as libraries
  /// load their kernels when they are first used, which no capture survives.
  template <std::invocable Work>
  CapturedWork(cudaStream_t stream, const Work& work) {
    Capture capture(stream);
    work();
    finish(capture.end(), stream);
  }

  /// Captures as the constructor does, and throws away what comes of it. Throws Error where that cannot be done.
  template <std::invocable Work>
  static void try_out(cudaStream_t stream, const Work& work) {
    Capture capture(stream);
    work();
    capture.end();
  }

  void launch(cudaStream_t stream) const { NIB_CHECK_CUDA(cudaGraphLaunch(executable_.get(), stream)); }
  const NodeCounts& nodes() const { return nodes_; }
  explicit operator bool() const { return executable_.get() != nullptr; }

 private:
  /// Ends the capture also when the captured calls throw.
  class Capture {
   public:
    explicit Capture(cudaStream_t stream);
    ~Capture();
    Capture(const Capture&) = delete;
    Capture& operator=(const Capture&) = delete;
    Graph end();

   private:
    cudaStream_t stream_;
    bool ended_ = false;
  };

  void finish(Graph graph, cudaStream_t stream);

  GraphExecutable executable_;
  NodeCounts nodes_;
};

}  // namespace nib::cuda
