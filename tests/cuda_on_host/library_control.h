#pragma once

#include <compare>
#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "cuda_on_host/cublas_v2.h"
#include "cuda_on_host/cudnn.h"

/// What a test may change about the stand-ins of cuDNN and cuBLAS, and what they counted. A status is forced on one of
/// their calls with fail_call() of cuda_on_host.h, by the call's name (cuBLAS: the name without _v2).
namespace nib::cuda_on_host {

enum class ConvolutionPass { forward, backward_data, backward_filter };

/// One of cuDNN's convolution algorithms, by the number that its enumeration gives it.
struct ConvolutionAlgorithm {
  ConvolutionPass pass = ConvolutionPass::forward;
  int number = 0;
  auto operator<=>(const ConvolutionAlgorithm&) const = default;
};

/// A way to compute a convolution that answers CUDNN_STATUS_NOT_SUPPORTED beyond those that cuDNN's tables rule out:
/// already when its workspace is asked for, or (its workspace can be had then) when it is run, or only in a capture.
struct Refusal {
  ConvolutionPass pass = ConvolutionPass::forward;
  int algorithm = 0;
  std::optional<cudnnMathType_t> math{};  ///< none: whichever
  enum class Call { query, run, capture } call = Call::run;
};

struct LibraryControl {
  std::vector<Refusal> refused{};
  /// Refuses convolutions to a single pixel, which cuDNN's tables do not rule out, nor do they promise them.
  bool single_pixels_refused = false;
  /// Workspace sizes other than the stand-in's own.
  std::map<ConvolutionAlgorithm, std::size_t> workspace_bytes{};
  std::size_t cudnn_version = CUDNN_VERSION;
  int cublas_version = CUBLAS_VERSION;
};

/// Starts anew with these settings; runs count from 0 again.
void set_library_control(const LibraryControl& control);
LibraryControl library_control();

/// How often a convolution's workspace was asked for since set_library_control().
unsigned workspace_queries();

/// Algorithms without a fixed order of summation that were run since set_library_control(). Their order comes from the
/// seed of cuda_on_host.h and this number.
unsigned nondeterministic_runs();

}  // namespace nib::cuda_on_host
