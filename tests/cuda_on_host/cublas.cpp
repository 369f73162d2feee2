#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cuda_on_host/cublas_v2.h"
#include "cuda_on_host/library_control.h"
#include "cuda_on_host/library_handle.h"
#include "cuda_on_host/products.h"
#include "cuda_on_host/stream_work.h"

struct cublasContext : nib::cuda_on_host::LibraryHandle {
  std::optional<nib::cuda_on_host::Operand> workspace;  ///< none: cuBLAS takes its own
  cublasMath_t math = CUBLAS_DEFAULT_MATH;
  cublasPointerMode_t pointer_mode = CUBLAS_POINTER_MODE_HOST;
};

namespace nib::cuda_on_host {
namespace {

constexpr std::uintptr_t workspace_alignment = 256;
constexpr std::size_t enough_workspace = 16 * 1024;  // as much as cuBLAS promises to get by with

/// The status that a test forces on this call, or what a CUDA error that stays makes of it. `call` may end in _v2.
std::optional<cublasStatus_t> forced_status(std::string call) {
  if (call.ends_with("_v2")) call.resize(call.size() - 3);
  const int code = injected_failure(call.c_str());
  if (code == 0) return std::nullopt;
  return code > CUBLAS_STATUS_LICENSE_ERROR ? CUBLAS_STATUS_EXECUTION_FAILED : static_cast<cublasStatus_t>(code);
}

/// One column-major factor of a product, as it is stored.
struct Factor {
  Operand memory;
  bool transposed = false;
  int leading = 0;

  /// Element (row, column) of the factor as it is multiplied.
  float at(int row, int column) const {
    const std::ptrdiff_t i = transposed ? column : row, j = transposed ? row : column;
    return static_cast<const float*>(memory.pointer)[j * leading + i];
  }
};

/// A checked call's work, with copies of all that it needs.
struct Work {
  int m, n, k;
  Factor a, b;
  float* c;
  int leading_c;
  bool tf32;
  const float *device_alpha, *device_beta;  ///< null: the values are here
  float alpha, beta;
  std::optional<Operand> workspace;

  std::size_t c_bytes() const { return matrix_bytes(m, n, leading_c); }

  /// From the first to the last element of a matrix of `rows` x `columns`.
  static std::size_t matrix_bytes(int rows, int columns, int leading) {
    if (rows == 0 || columns == 0) return 0;
    return (static_cast<std::size_t>(columns - 1) * static_cast<std::size_t>(leading) +
            static_cast<std::size_t>(rows)) *
           sizeof(float);
  }

  void check() const {
    const Operand output{c, c_bytes(), "C"};
    check_operands("cublasGemmEx", output, {a.memory, b.memory});
    if (workspace && workspace->bytes > 0) check_operands("cublasGemmEx", *workspace, {a.memory, b.memory, output});
    if (device_alpha) {
      require_device(device_alpha, sizeof(float), "cublasGemmEx: alpha");
      require_device(device_beta, sizeof(float), "cublasGemmEx: beta");
    }
  }

  void run() const {
    const auto value = [this](float stored) { return tf32 ? rounded_to_tf32(stored) : stored; };
    const auto size = [](int first, int second) {
      return static_cast<std::size_t>(first) * static_cast<std::size_t>(second);
    };
    std::vector<float> columns_of_a, columns_of_b, column(static_cast<std::size_t>(m));
    columns_of_a.reserve(size(m, k));
    columns_of_b.reserve(size(n, k));
    for (int l = 0; l < k; ++l)
      for (int i = 0; i < m; ++i) columns_of_a.push_back(value(a.at(i, l)));
    for (int j = 0; j < n; ++j)
      for (int l = 0; l < k; ++l) columns_of_b.push_back(value(b.at(l, j)));
    const float scale = device_alpha ? *device_alpha : alpha, keep = device_beta ? *device_beta : beta;
    for (int j = 0; j < n; ++j) {
      std::fill(column.begin(), column.end(), 0.0f);
      add_products(column.data(), columns_of_b.data() + size(j, k), 1, columns_of_a.data(), k, m);
      float* const output = c + static_cast<std::ptrdiff_t>(j) * leading_c;
      for (int i = 0; i < m; ++i) output[i] = scaled(scale, column[static_cast<std::size_t>(i)], keep, output[i]);
    }
  }
};

}  // namespace
}  // namespace nib::cuda_on_host

const char* cublasGetStatusString(cublasStatus_t status) {
  switch (status) {
    case CUBLAS_STATUS_SUCCESS:
      return "the operation completed successfully";
    case CUBLAS_STATUS_NOT_INITIALIZED:
      return "the library was not initialized";
    case CUBLAS_STATUS_ALLOC_FAILED:
      return "the resource allocation failed";
    case CUBLAS_STATUS_INVALID_VALUE:
      return "an unsupported value or parameter was passed to the function";
    case CUBLAS_STATUS_ARCH_MISMATCH:
      return "the function requires an architectural feature absent from the device";
    case CUBLAS_STATUS_MAPPING_ERROR:
      return "an access to GPU memory space failed";
    case CUBLAS_STATUS_EXECUTION_FAILED:
      return "the function failed to launch on the GPU";
    case CUBLAS_STATUS_INTERNAL_ERROR:
      return "an internal operation failed";
    case CUBLAS_STATUS_NOT_SUPPORTED:
      return "the functionality requested is not supported";
    case CUBLAS_STATUS_LICENSE_ERROR:
      return "the functionality requested requires some license";
  }
  return "unknown status";
}

cublasStatus_t cublasGetProperty(libraryPropertyType type, int* value) {
  if (const auto forced = nib::cuda_on_host::forced_status(__func__)) return *forced;
  if (!value) return CUBLAS_STATUS_INVALID_VALUE;
  const int version = nib::cuda_on_host::library_control().cublas_version;
  switch (type) {
    case MAJOR_VERSION:
      *value = version / 10000;
      return CUBLAS_STATUS_SUCCESS;
    case MINOR_VERSION:
      *value = version / 100 % 100;
      return CUBLAS_STATUS_SUCCESS;
    case PATCH_LEVEL:
      *value = version % 100;
      return CUBLAS_STATUS_SUCCESS;
  }
  return CUBLAS_STATUS_INVALID_VALUE;
}

cublasStatus_t cublasGetVersion_v2(cublasHandle_t handle, int* version) {
  if (const auto forced = nib::cuda_on_host::forced_status(__func__)) return *forced;
  if (!handle || !version) return CUBLAS_STATUS_NOT_INITIALIZED;
  *version = nib::cuda_on_host::library_control().cublas_version;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasCreate_v2(cublasHandle_t* handle) {
  if (const auto forced = nib::cuda_on_host::forced_status(__func__)) return *forced;
  if (!handle) return CUBLAS_STATUS_INVALID_VALUE;
  nib::cuda_on_host::forbid_in_capture("cublasCreate");
  *handle = new cublasContext;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasDestroy_v2(cublasHandle_t handle) {
  if (!handle) return CUBLAS_STATUS_NOT_INITIALIZED;
  delete handle;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSetStream_v2(cublasHandle_t handle, cudaStream_t stream) {
  if (const auto forced = nib::cuda_on_host::forced_status(__func__)) return *forced;
  if (!handle) return CUBLAS_STATUS_NOT_INITIALIZED;
  handle->set_stream("cublasSetStream", stream);
  handle->workspace.reset();
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSetWorkspace_v2(cublasHandle_t handle, void* workspace, std::size_t bytes) {
  if (const auto forced = nib::cuda_on_host::forced_status(__func__)) return *forced;
  if (!handle) return CUBLAS_STATUS_NOT_INITIALIZED;
  if (reinterpret_cast<std::uintptr_t>(workspace) % nib::cuda_on_host::workspace_alignment != 0)
    return CUBLAS_STATUS_INVALID_VALUE;
  if (bytes > 0) nib::cuda_on_host::require_device(workspace, bytes, "cublasSetWorkspace: workspace");
  handle->workspace = {workspace, bytes, "workspace"};
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSetMathMode(cublasHandle_t handle, cublasMath_t mode) {
  if (const auto forced = nib::cuda_on_host::forced_status(__func__)) return *forced;
  if (!handle) return CUBLAS_STATUS_NOT_INITIALIZED;
  handle->math = mode;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSetPointerMode_v2(cublasHandle_t handle, cublasPointerMode_t mode) {
  if (const auto forced = nib::cuda_on_host::forced_status(__func__)) return *forced;
  if (!handle) return CUBLAS_STATUS_NOT_INITIALIZED;
  handle->pointer_mode = mode;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasGemmEx(cublasHandle_t handle, cublasOperation_t operation_a, cublasOperation_t operation_b, int m,
                            int n, int k, const void* alpha, const void* a, cudaDataType a_type, int lda, const void* b,
                            cudaDataType b_type, int ldb, const void* beta, void* c, cudaDataType c_type, int ldc,
                            cublasComputeType_t compute_type, cublasGemmAlgo_t algorithm) {
  using namespace nib::cuda_on_host;
  if (const auto forced = nib::cuda_on_host::forced_status(__func__)) return *forced;
  if (!handle) return CUBLAS_STATUS_NOT_INITIALIZED;
  const bool transpose_a = operation_a != CUBLAS_OP_N, transpose_b = operation_b != CUBLAS_OP_N;
  const int rows_a = transpose_a ? k : m, columns_a = transpose_a ? m : k;
  const int rows_b = transpose_b ? n : k, columns_b = transpose_b ? k : n;
  if (m < 0 || n < 0 || k < 0 || lda < std::max(1, rows_a) || ldb < std::max(1, rows_b) || ldc < std::max(1, m) ||
      !alpha || !beta)
    return CUBLAS_STATUS_INVALID_VALUE;
  if (a_type != CUDA_R_32F || b_type != CUDA_R_32F || c_type != CUDA_R_32F ||
      (compute_type != CUBLAS_COMPUTE_32F && compute_type != CUBLAS_COMPUTE_32F_PEDANTIC &&
       compute_type != CUBLAS_COMPUTE_32F_FAST_TF32) ||
      (algorithm != CUBLAS_GEMM_DEFAULT && algorithm != CUBLAS_GEMM_DEFAULT_TENSOR_OP))
    return CUBLAS_STATUS_NOT_SUPPORTED;
  if (handle->captures() && !handle->workspace)
    misuse("cublasGemmEx inside a capture without a workspace: cublasSetWorkspace comes after cublasSetStream");
  if (handle->workspace && handle->workspace->bytes < enough_workspace) return CUBLAS_STATUS_ALLOC_FAILED;

  if (handle->pointer_mode == CUBLAS_POINTER_MODE_HOST) {
    require_host(alpha, "cublasGemmEx: alpha");
    require_host(beta, "cublasGemmEx: beta");
  }
  const bool on_device = handle->pointer_mode == CUBLAS_POINTER_MODE_DEVICE;
  const auto host = [&](const void* scalar) { return on_device ? 0.0f : *static_cast<const float*>(scalar); };
  const auto device = [&](const void* scalar) { return on_device ? static_cast<const float*>(scalar) : nullptr; };
  const bool pedantic = compute_type == CUBLAS_COMPUTE_32F_PEDANTIC || (handle->math & 0xf) == CUBLAS_PEDANTIC_MATH;
  const bool fast = compute_type == CUBLAS_COMPUTE_32F_FAST_TF32 || (handle->math & 0xf) == CUBLAS_TF32_TENSOR_OP_MATH;
  const Work work{.m = m,
                  .n = n,
                  .k = k,
                  .a = {{a, Work::matrix_bytes(rows_a, columns_a, lda), "A"}, transpose_a, lda},
                  .b = {{b, Work::matrix_bytes(rows_b, columns_b, ldb), "B"}, transpose_b, ldb},
                  .c = static_cast<float*>(c),
                  .leading_c = ldc,
                  .tf32 = fast && !pedantic,
                  .device_alpha = device(alpha),
                  .device_beta = device(beta),
                  .alpha = host(alpha),
                  .beta = host(beta),
                  .workspace = handle->workspace};
  work.check();
  const std::string shapes = std::string(transpose_a ? "T" : "N") + (transpose_b ? "T" : "N") + " " +
                             std::to_string(m) + "x" + std::to_string(n) + "x" + std::to_string(k) + ", type " +
                             std::to_string(compute_type);
  handle->submit(__func__, shapes, work.workspace.value_or(Operand{}), [work] {
    work.check();  // again, as the memory may be gone by now
    if (work.workspace)
      spoil_workspace(const_cast<void*>(work.workspace->pointer), std::min(work.workspace->bytes, enough_workspace));
    work.run();
  });
  return CUBLAS_STATUS_SUCCESS;
}
