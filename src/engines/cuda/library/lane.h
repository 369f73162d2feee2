#pragma once

#include "engines/cuda/library/handle.h"

namespace nib::cuda {

/// A stream with the libraries' handles on it. What is put into one lane runs in order. Two lanes may run beside each
/// other: so each has handles and workspaces of its own, as a library writes to them while a call runs.
struct Lane {
  Stream stream;
  CudnnHandle cudnn;
  CublasHandle cublas;
};

/// On CUDA's current device. Throws Error (device).
Lane make_lane();

/// One of something for each lane of a context.
template <typename T>
struct PerLane {
  T main{}, side{};
};

}  // namespace nib::cuda
