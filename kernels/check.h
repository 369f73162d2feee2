#pragma once

#include <cuda_runtime.h>

#include <string>

#include "base/error.h"

namespace nib {

/// The Error (device) for a call into CUDA or one of its libraries that failed: it names the call, its place, and what
/// the library says of it.
Error library_failure(const char* library, const char* call, const char* file, int line, const char* text, int status);

/// "12.5 MiB free of 80.0 MiB" on the current device, for messages.
std::string free_memory();

/// As library_failure(), for a call that found too little GPU memory: with what is free.
Error memory_failure(const char* library, const char* call, const char* file, int line);

/// Throws library_failure() or memory_failure() unless `status` is success. NIB_CHECK_CUDA(call) fills in the rest.
void check_cuda(cudaError_t status, const char* call, const char* file, int line);

}  // namespace nib

#define NIB_CHECK_CUDA(call) ::nib::check_cuda((call), #call, __FILE__, __LINE__)
