#pragma once

#include <cublas_v2.h>
#include <cudnn.h>

#include "kernels/check.h"

namespace nib {

/// Like check_cuda(), for the two libraries.
void check_cudnn(cudnnStatus_t status, const char* call, const char* file, int line);
void check_cublas(cublasStatus_t status, const char* call, const char* file, int line);

}  // namespace nib

#define NIB_CHECK_CUDNN(call) ::nib::check_cudnn((call), #call, __FILE__, __LINE__)
#define NIB_CHECK_CUBLAS(call) ::nib::check_cublas((call), #call, __FILE__, __LINE__)
