#include "engines/cuda/library/memory.h"

#include <fmt/core.h>

#include "base/error.h"

namespace nib::cuda {
namespace {

std::string mebibytes(std::size_t bytes) { return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1 << 20)); }

}  // namespace

DeviceMemory allocate_device(std::size_t bytes, const std::string& what) {
  void* memory = nullptr;
  const cudaError_t status = cudaMalloc(&memory, bytes);
  if (status == cudaErrorMemoryAllocation) {
    static_cast<void>(cudaGetLastError());
    throw device_error({.file = "CUDA",
                        .problem = "not enough GPU memory for " + what,
                        .expected = mebibytes(bytes) + " free",
                        .got = free_memory(),
                        .hint = "a smaller " + setting("batch") + " needs less, " + setting("stream") +
                                " keeps the images on the host, " + setting("device") +
                                " cpu needs no GPU; nvidia-smi shows who holds the memory"});
  }
  check_cuda(status, "cudaMalloc", __FILE__, __LINE__);
  return DeviceMemory(memory);
}

PinnedMemory allocate_pinned(std::size_t bytes, const std::string& what) {
  void* memory = nullptr;
  const cudaError_t status = cudaHostAlloc(&memory, bytes, cudaHostAllocDefault);
  if (status == cudaErrorMemoryAllocation) {
    static_cast<void>(cudaGetLastError());
    throw device_error({.file = "CUDA",
                        .problem = "not enough page-locked host memory for " + what,
                        .expected = mebibytes(bytes),
                        .hint = "a smaller " + setting("batch") + " needs less; `ulimit -l` may limit it"});
  }
  check_cuda(status, "cudaHostAlloc", __FILE__, __LINE__);
  return PinnedMemory(memory);
}

}  // namespace nib::cuda
