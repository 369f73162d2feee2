#include "engines/cuda/library/check.h"

#include <string>

namespace nib {

void check_cudnn(cudnnStatus_t status, const char* call, const char* file, int line) {
  if (status != CUDNN_STATUS_SUCCESS)
    throw library_failure("cuDNN", call, file, line, cudnnGetErrorString(status), status);
}

void check_cublas(cublasStatus_t status, const char* call, const char* file, int line) {
  if (status != CUBLAS_STATUS_SUCCESS)
    throw library_failure("cuBLAS", call, file, line, cublasGetStatusString(status), status);
}

}  // namespace nib
