#include "kernels/check.h"

#include <cstring>
#include <string>

namespace nib {

Error library_failure(const char* library, const char* call, const char* file, int line, const char* text, int status) {
  const char* const slash = std::strrchr(file, '/');
  const std::string place = std::string(slash ? slash + 1 : file) + ":" + std::to_string(line);
  return device_error({.file = library,
                       .field = std::string(call, std::strcspn(call, "(")) + " at " + place,
                       .problem = std::string(text) + " (" + std::to_string(status) + ")",
                       .hint = "`nib doctor` shows the state of driver, GPU and libraries; --device cpu needs none"});
}

void check_cuda(cudaError_t status, const char* call, const char* file, int line) {
  if (status == cudaSuccess) return;
  const std::string text = std::string(cudaGetErrorName(status)) + ", " + cudaGetErrorString(status);
  throw library_failure("CUDA", call, file, line, text.c_str(), status);
}

}  // namespace nib
