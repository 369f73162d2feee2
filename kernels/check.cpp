#include "kernels/check.h"

#include <cstring>
#include <string>

#include "base/error.h"

namespace nib {

void check_cuda(cudaError_t status, const char* call, const char* file, int line) {
  if (status == cudaSuccess) return;
  const char* const slash = std::strrchr(file, '/');
  const std::string name(call, std::strcspn(call, "("));
  throw device_error(
      {.file = "CUDA",
       .field = name + " at " + (slash ? slash + 1 : file) + ":" + std::to_string(line),
       .problem =
           std::string(cudaGetErrorName(status)) + " (" + std::to_string(status) + "): " + cudaGetErrorString(status),
       .hint = status == cudaErrorMemoryAllocation ? "a smaller --batch needs less memory; --device cpu needs no GPU"
                                                   : "nvidia-smi shows the GPU's state; --device cpu needs no GPU"});
}

}  // namespace nib
