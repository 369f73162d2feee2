#include "engines/cuda/library/check.h"

#include <string>

namespace nib {

void check_cudnn(cudnnStatus_t status, const char* call, const char* file, int line) {
  if (status == CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED) throw memory_failure("cuDNN", call, file, line);
  if (status != CUDNN_STATUS_SUCCESS)
    throw library_failure("cuDNN", call, file, line, cudnnGetErrorString(status), status);
}

void check_cublas(cublasStatus_t status, const char* call, const char* file, int line) {
  if (status == CUBLAS_STATUS_ALLOC_FAILED) throw memory_failure("cuBLAS", call, file, line);
  if (status != CUBLAS_STATUS_SUCCESS)
    throw library_failure("cuBLAS", call, file, line, cublasGetStatusString(status), status);
}

}  // namespace nib
