#pragma once

#include <cuda_runtime.h>

namespace nib {

/// Throws Error (device) that names the failed call, its place and CUDA's code for it, unless `status` is success.
void check_cuda(cudaError_t status, const char* call, const char* file, int line);

}  // namespace nib

#define NIB_CHECK_CUDA(call) ::nib::check_cuda((call), #call, __FILE__, __LINE__)
