#include <cstring>

#include "cuda_on_host/runtime.h"

namespace nib::cuda_on_host {
namespace {

thread_local cudaError_t last_error = cudaSuccess;
thread_local int current_device = 0;

struct ErrorText {
  cudaError_t code = cudaSuccess;
  const char* name = "";
  const char* text = "";
};

// In CUDA 13.0's own words.
constexpr ErrorText error_texts[] = {
    {cudaSuccess, "cudaSuccess", "no error"},
    {cudaErrorInvalidValue, "cudaErrorInvalidValue", "invalid argument"},
    {cudaErrorMemoryAllocation, "cudaErrorMemoryAllocation", "out of memory"},
    {cudaErrorInitializationError, "cudaErrorInitializationError", "initialization error"},
    {cudaErrorInvalidConfiguration, "cudaErrorInvalidConfiguration", "invalid configuration argument"},
    {cudaErrorInvalidMemcpyDirection, "cudaErrorInvalidMemcpyDirection", "invalid copy direction for memcpy"},
    {cudaErrorInsufficientDriver, "cudaErrorInsufficientDriver",
     "CUDA driver version is insufficient for CUDA runtime version"},
    {cudaErrorDevicesUnavailable, "cudaErrorDevicesUnavailable", "CUDA-capable device(s) is/are busy or unavailable"},
    {cudaErrorInvalidDeviceFunction, "cudaErrorInvalidDeviceFunction", "invalid device function"},
    {cudaErrorNoDevice, "cudaErrorNoDevice", "no CUDA-capable device is detected"},
    {cudaErrorInvalidDevice, "cudaErrorInvalidDevice", "invalid device ordinal"},
    {cudaErrorDeviceUninitialized, "cudaErrorDeviceUninitialized", "invalid device context"},
    {cudaErrorNoKernelImageForDevice, "cudaErrorNoKernelImageForDevice",
     "no kernel image is available for execution on the device"},
    {cudaErrorECCUncorrectable, "cudaErrorECCUncorrectable", "uncorrectable ECC error encountered"},
    {cudaErrorUnsupportedPtxVersion, "cudaErrorUnsupportedPtxVersion",
     "the provided PTX was compiled with an unsupported toolchain."},
    {cudaErrorInvalidResourceHandle, "cudaErrorInvalidResourceHandle", "invalid resource handle"},
    {cudaErrorIllegalState, "cudaErrorIllegalState", "the operation cannot be performed in the present state"},
    {cudaErrorNotReady, "cudaErrorNotReady", "device not ready"},
    {cudaErrorIllegalAddress, "cudaErrorIllegalAddress", "an illegal memory access was encountered"},
    {cudaErrorLaunchOutOfResources, "cudaErrorLaunchOutOfResources", "too many resources requested for launch"},
    {cudaErrorLaunchTimeout, "cudaErrorLaunchTimeout", "the launch timed out and was terminated"},
    {cudaErrorLaunchFailure, "cudaErrorLaunchFailure", "unspecified launch failure"},
    {cudaErrorNotPermitted, "cudaErrorNotPermitted", "operation not permitted"},
    {cudaErrorNotSupported, "cudaErrorNotSupported", "operation not supported"},
    {cudaErrorSystemNotReady, "cudaErrorSystemNotReady", "system not yet initialized"},
    {cudaErrorSystemDriverMismatch, "cudaErrorSystemDriverMismatch",
     "system has unsupported display driver / cuda driver combination"},
    {cudaErrorCompatNotSupportedOnDevice, "cudaErrorCompatNotSupportedOnDevice",
     "forward compatibility was attempted on non supported HW"},
    {cudaErrorStreamCaptureUnsupported, "cudaErrorStreamCaptureUnsupported",
     "operation not permitted when stream is capturing"},
    {cudaErrorStreamCaptureInvalidated, "cudaErrorStreamCaptureInvalidated",
     "operation failed due to a previous error during capture"},
    {cudaErrorStreamCaptureMerge, "cudaErrorStreamCaptureMerge",
     "operation would result in a merge of separate capture sequences"},
    {cudaErrorStreamCaptureUnmatched, "cudaErrorStreamCaptureUnmatched",
     "capture was not ended in the same stream as it began"},
    {cudaErrorStreamCaptureUnjoined, "cudaErrorStreamCaptureUnjoined", "capturing stream has unjoined work"},
    {cudaErrorStreamCaptureIsolation, "cudaErrorStreamCaptureIsolation",
     "dependency created on uncaptured work in another stream"},
    {cudaErrorStreamCaptureImplicit, "cudaErrorStreamCaptureImplicit",
     "operation would make the legacy stream depend on a capturing blocking stream"},
    {cudaErrorCapturedEvent, "cudaErrorCapturedEvent",
     "operation not permitted on an event last recorded in a capturing stream"},
    {cudaErrorStreamCaptureWrongThread, "cudaErrorStreamCaptureWrongThread",
     "attempt to terminate a thread-local capture sequence from another thread"},
    {cudaErrorUnknown, "cudaErrorUnknown", "unknown error"},
};

const ErrorText* find(cudaError_t code) {
  for (const ErrorText& error : error_texts)
    if (error.code == code) return &error;
  return nullptr;
}

}  // namespace

cudaError_t remember(cudaError_t status) {
  if (status != cudaSuccess && status != cudaErrorNotReady) last_error = status;
  return status;
}

cudaError_t device_error_now(const Runtime& device) {
  if (device.settings.driver_version / 1000 < CUDART_VERSION / 1000) return cudaErrorInsufficientDriver;
  return device.settings.devices == 0 ? cudaErrorNoDevice : cudaSuccess;
}

}  // namespace nib::cuda_on_host

using nib::cuda_on_host::api_call;
using nib::cuda_on_host::error_on_entry;
using nib::cuda_on_host::remember;
using nib::cuda_on_host::runtime;
using nib::cuda_on_host::Runtime;

const char* cudaGetErrorName(cudaError_t error) {
  const auto* const known = nib::cuda_on_host::find(error);
  return known ? known->name : "unrecognized error code";
}

const char* cudaGetErrorString(cudaError_t error) {
  const auto* const known = nib::cuda_on_host::find(error);
  return known ? known->text : "unrecognized error code";
}

cudaError_t cudaGetLastError() {
  const cudaError_t error = cudaPeekAtLastError();
  nib::cuda_on_host::last_error = cudaSuccess;
  return error;
}

cudaError_t cudaPeekAtLastError() {
  Runtime& device = runtime();
  const std::lock_guard lock(device.mutex);
  return device.sticky_error != cudaSuccess ? device.sticky_error : nib::cuda_on_host::last_error;
}

// These two also work where no device does.

cudaError_t cudaDriverGetVersion(int* version) {
  Runtime& device = runtime();
  const std::lock_guard lock(device.mutex);
  const cudaError_t status = error_on_entry(device, "cudaDriverGetVersion");
  if (status == cudaSuccess) *version = device.settings.driver_version;
  return remember(status);
}

cudaError_t cudaRuntimeGetVersion(int* version) {
  Runtime& device = runtime();
  const std::lock_guard lock(device.mutex);
  const cudaError_t status = error_on_entry(device, "cudaRuntimeGetVersion");
  if (status == cudaSuccess) *version = CUDART_VERSION;
  return remember(status);
}

cudaError_t cudaGetDeviceCount(int* count) {
  *count = 0;
  return api_call("cudaGetDeviceCount", [&](Runtime& device) {
    *count = device.settings.devices;
    return cudaSuccess;
  });
}

cudaError_t cudaSetDevice(int number) {
  return api_call("cudaSetDevice", [&](Runtime& device) {
    if (number < 0 || number >= device.settings.devices) return cudaErrorInvalidDevice;
    nib::cuda_on_host::current_device = number;
    return cudaSuccess;
  });
}

cudaError_t cudaGetDevice(int* number) {
  return api_call("cudaGetDevice", [&](Runtime&) {
    *number = nib::cuda_on_host::current_device;
    return cudaSuccess;
  });
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int number) {
  return api_call("cudaGetDeviceProperties", [&](Runtime& device) {
    if (number < 0 || number >= device.settings.devices) return cudaErrorInvalidDevice;
    *properties = {};
    std::strcpy(properties->name, "NVIDIA stand-in on the host");
    properties->totalGlobalMem = device.settings.memory_bytes;
    properties->sharedMemPerBlock = std::size_t{48} << 10;
    properties->warpSize = warpSize;
    properties->maxThreadsPerBlock = 1024;
    properties->major = device.settings.major;
    properties->minor = device.settings.minor;
    properties->multiProcessorCount = 4;
    properties->asyncEngineCount = 1;
    properties->memoryBusWidth = 64;
    properties->l2CacheSize = 1 << 20;
    properties->pciDeviceID = number;
    return cudaSuccess;
  });
}

cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int number) {
  cudaDeviceProp properties{};
  const cudaError_t status = cudaGetDeviceProperties(&properties, number);
  if (status != cudaSuccess) return status;
  switch (attribute) {
    case cudaDevAttrMaxThreadsPerBlock:
      *value = properties.maxThreadsPerBlock;
      return cudaSuccess;
    case cudaDevAttrWarpSize:
      *value = properties.warpSize;
      return cudaSuccess;
    case cudaDevAttrMultiProcessorCount:
      *value = properties.multiProcessorCount;
      return cudaSuccess;
    case cudaDevAttrIntegrated:
      *value = properties.integrated;
      return cudaSuccess;
    case cudaDevAttrComputeCapabilityMajor:
      *value = properties.major;
      return cudaSuccess;
    case cudaDevAttrComputeCapabilityMinor:
      *value = properties.minor;
      return cudaSuccess;
  }
  return remember(cudaErrorInvalidValue);
}
