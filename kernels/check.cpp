#include "kernels/check.h"

#include <cstring>
#include <string>

namespace nib {

Error library_failure(const char* library, const char* call, const char* file, int line, const char* text, int status) {
  const char* const slash = std::strrchr(file, '/');
  const std::string place = std::string(slash ? slash + 1 : file) + ":" + std::to_string(line);
  return device_error(
      {.file = library,
       .field = std::string(call, std::strcspn(call, "(")) + " at " + place,
       .problem = std::string(text) + " (" + std::to_string(status) + ")",
       .hint = "`nib doctor` shows the state of driver, GPU and libraries; " + setting("device") + " cpu needs none"});
}

std::string free_memory() {
  std::size_t free = 0, total = 0;
  if (cudaMemGetInfo(&free, &total) != cudaSuccess) return "an unknown amount";
  const auto tenths = [](std::size_t bytes) {
    const std::size_t count = bytes * 10 >> 20;
    return std::to_string(count / 10) + "." + std::to_string(count % 10) + " MiB";
  };
  return tenths(free) + " free of " + tenths(total);
}

Error memory_failure(const char* library, const char* call, const char* file, int line) {
  Problem problem = library_failure(library, call, file, line, "not enough GPU memory", 0).problem();
  problem.problem = "not enough GPU memory";
  problem.got = free_memory();
  problem.hint = "nvidia-smi shows who holds the memory; " + setting("device") + " cpu needs no GPU";
  return device_error(problem);
}

void check_cuda(cudaError_t status, const char* call, const char* file, int line) {
  if (status == cudaSuccess) return;
  if (status == cudaErrorMemoryAllocation) throw memory_failure("CUDA", call, file, line);
  const std::string text = std::string(cudaGetErrorName(status)) + ", " + cudaGetErrorString(status);
  throw library_failure("CUDA", call, file, line, text.c_str(), status);
}

}  // namespace nib
