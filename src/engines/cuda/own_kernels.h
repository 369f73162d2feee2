#pragma once

#include <cuda_runtime.h>

#include "base/error.h"

namespace nib::cuda {

/// A kernel of nib's own, in whose place a library's could run, failed when it was tried.
class OwnKernelsFailed : public Error {
 public:
  explicit OwnKernelsFailed(const Error& reason) : Error(reason) {}
};

/// Runs `work`, which launches own kernels and waits for them. Throws OwnKernelsFailed where the device refuses.
template <typename Work>
void try_own_kernels(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    if (error.code() != ExitCode::device) throw;
    // CUDA would tell of it again to a library that asks for the last error.
    static_cast<void>(cudaGetLastError());
    throw OwnKernelsFailed(error);
  }
}

}  // namespace nib::cuda
