#pragma once

#include <cuda_runtime.h>

#include <cstdint>

#include "kernels/check.h"

namespace nib::kernels {

/// The one way to start a kernel: converts the arguments to the kernel's own parameter types, launches on `stream` and
/// throws Error (device) when the launch itself fails. Kernels use no dynamic shared memory.
template <typename... Parameters, typename... Arguments>
void launch(void (*kernel)(Parameters...), dim3 grid, dim3 block, cudaStream_t stream, Arguments&&... arguments) {
  cudaLaunchConfig_t configuration{};
  configuration.gridDim = grid;
  configuration.blockDim = block;
  configuration.stream = stream;
  NIB_CHECK_CUDA(cudaLaunchKernelEx(&configuration, kernel, static_cast<Parameters>(arguments)...));
}

/// Blocks of `block` threads for one thread an element, at most `most`: kernels walk on in strides of the whole grid.
inline std::uint32_t blocks_for(std::uint64_t elements, std::uint32_t block, std::uint32_t most = 4096) {
  const std::uint64_t blocks = (elements + block - 1) / block;
  return static_cast<std::uint32_t>(blocks < 1 ? 1 : blocks > most ? most : blocks);
}

}  // namespace nib::kernels
