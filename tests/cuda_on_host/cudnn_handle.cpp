#include "cuda_on_host/cudnn_handle.h"

#include "cuda_on_host/library_control.h"
#include "cuda_on_host/stream_work.h"

using nib::cuda_on_host::forced_status;

namespace nib::cuda_on_host {

std::optional<cudnnStatus_t> forced_status(const char* call) {
  const int code = injected_failure(call);
  if (code == 0) return std::nullopt;
  // CUDA's errors have three digits, cuDNN's statuses four.
  return code < 1000 ? CUDNN_STATUS_EXECUTION_FAILED : static_cast<cudnnStatus_t>(code);
}

}  // namespace nib::cuda_on_host

std::size_t cudnnGetVersion() { return nib::cuda_on_host::library_control().cudnn_version; }

const char* cudnnGetErrorString(cudnnStatus_t status) {
  switch (status) {
    case CUDNN_STATUS_SUCCESS:
      return "CUDNN_STATUS_SUCCESS";
    case CUDNN_STATUS_NOT_INITIALIZED:
      return "CUDNN_STATUS_NOT_INITIALIZED";
    case CUDNN_STATUS_SUBLIBRARY_VERSION_MISMATCH:
      return "CUDNN_STATUS_SUBLIBRARY_VERSION_MISMATCH";
    case CUDNN_STATUS_SUBLIBRARY_LOADING_FAILED:
      return "CUDNN_STATUS_SUBLIBRARY_LOADING_FAILED";
    case CUDNN_STATUS_BAD_PARAM:
      return "CUDNN_STATUS_BAD_PARAM";
    case CUDNN_STATUS_NOT_SUPPORTED:
      return "CUDNN_STATUS_NOT_SUPPORTED";
    case CUDNN_STATUS_NOT_SUPPORTED_ARCH_MISMATCH:
      return "CUDNN_STATUS_NOT_SUPPORTED_ARCH_MISMATCH";
    case CUDNN_STATUS_INTERNAL_ERROR:
      return "CUDNN_STATUS_INTERNAL_ERROR";
    case CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED:
      return "CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED";
    case CUDNN_STATUS_EXECUTION_FAILED:
      return "CUDNN_STATUS_EXECUTION_FAILED";
  }
  return "CUDNN_UNKNOWN_STATUS";
}

cudnnStatus_t cudnnCreate(cudnnHandle_t* handle) {
  if (const auto forced = forced_status(__func__)) return *forced;
  if (!handle) return CUDNN_STATUS_BAD_PARAM;
  nib::cuda_on_host::forbid_in_capture(__func__);
  *handle = new cudnnContext;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnDestroy(cudnnHandle_t handle) {
  delete handle;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnSetStream(cudnnHandle_t handle, cudaStream_t stream) {
  if (const auto forced = forced_status(__func__)) return *forced;
  if (!handle) return CUDNN_STATUS_BAD_PARAM;
  handle->set_stream(__func__, stream);
  return CUDNN_STATUS_SUCCESS;
}
