// Full FP32 is asked of cuBLAS as PEDANTIC, which may keep it from splitting a product's depth among blocks. Here the
// plain request for FP32, and TF32, run the same products, and are held against it.

#include "products.h"

#include <cublas_v2.h>
#include <dlfcn.h>

#include <cmath>
#include <optional>

#include "timing.h"

namespace micro {
namespace {

constexpr int batch = 128;
constexpr int in_a_row = 20;

/// Column-major, as the CUDA engine calls it (matrix_product.cpp): the result is (height, width), of `depth` terms.
struct Product {
  const char* name;
  int height, width, depth;
  cublasOperation_t left, right;

  int left_dimension() const { return left == CUBLAS_OP_N ? height : depth; }
  int right_dimension() const { return right == CUBLAS_OP_N ? depth : width; }
};

constexpr Product products[] = {
    {"fc1 forward", 128, batch, 1600, CUBLAS_OP_T, CUBLAS_OP_N},
    {"fc1 weights' gradient", 1600, 128, batch, CUBLAS_OP_N, CUBLAS_OP_T},
    {"fc1 input's gradient", 1600, batch, 128, CUBLAS_OP_N, CUBLAS_OP_N},
    {"fc2 forward", 10, batch, 128, CUBLAS_OP_T, CUBLAS_OP_N},
    {"fc2 weights' gradient", 128, 10, batch, CUBLAS_OP_N, CUBLAS_OP_T},
    {"fc2 input's gradient", 128, batch, 10, CUBLAS_OP_N, CUBLAS_OP_N},
};

struct Arithmetic {
  const char* name;
  cublasComputeType_t type;
};

/// The first is what the others are held against.
constexpr Arithmetic arithmetics[] = {
    {"pedantic", CUBLAS_COMPUTE_32F_PEDANTIC}, {"plain", CUBLAS_COMPUTE_32F}, {"tf32", CUBLAS_COMPUTE_32F_FAST_TF32}};

/// cublasGemmEx() as the library has it; its header overloads the name.
using Multiply = cublasStatus_t (*)(cublasHandle_t, cublasOperation_t, cublasOperation_t, int, int, int, const void*,
                                    const void*, cudaDataType, int, const void*, cudaDataType, int, const void*, void*,
                                    cudaDataType, int, cublasComputeType_t, cublasGemmAlgo_t);

/// cuBLAS's functions that are needed; the library is not linked, as where it lies is known on the machine alone.
struct Library {
  decltype(&cublasCreate_v2) create = nullptr;
  decltype(&cublasSetStream_v2) set_stream = nullptr;
  decltype(&cublasSetWorkspace_v2) set_workspace = nullptr;
  Multiply multiply = nullptr;

  bool load(const char* file) {
    void* library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    return library != nullptr && find(library, "cublasCreate_v2", create) &&
           find(library, "cublasSetStream_v2", set_stream) && find(library, "cublasSetWorkspace_v2", set_workspace) &&
           find(library, "cublasGemmEx", multiply);
  }

 private:
  template <typename Function>
  static bool find(void* library, const char* name, Function& function) {
    function = reinterpret_cast<Function>(dlsym(library, name));
    return function != nullptr;
  }
};

/// Device memory of so many numbers between -1 and 1, the same ones at every run.
float* random_numbers(int count, unsigned seed) {
  std::vector<float> numbers(static_cast<std::size_t>(count));
  unsigned state = seed;
  for (float& number : numbers) {
    state = state * 1664525U + 1013904223U;
    number = static_cast<float>(state >> 8) * 0x1p-23f - 1.0f;
  }
  float* device = nullptr;
  CHECK(cudaMalloc(&device, numbers.size() * sizeof(float)));
  CHECK(cudaMemcpy(device, numbers.data(), numbers.size() * sizeof(float), cudaMemcpyHostToDevice));
  return device;
}

/// One product with its operands, on a stream.
class Run {
 public:
  Run(const Library& library, cublasHandle_t handle, const Product& product, cudaStream_t stream)
      : library_(library), handle_(handle), product_(product), stream_(stream), size_(product.height * product.width) {
    left_ = random_numbers(product.height * product.depth, 1);
    right_ = random_numbers(product.width * product.depth, 2);
    result_ = random_numbers(size_, 3);
  }
  ~Run() {
    for (float* numbers : {left_, right_, result_}) cudaFree(numbers);
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  bool multiply(cublasComputeType_t type) const {
    const float one = 1, zero = 0;
    return library_.multiply(handle_, product_.left, product_.right, product_.height, product_.width, product_.depth,
                             &one, left_, CUDA_R_32F, product_.left_dimension(), right_, CUDA_R_32F,
                             product_.right_dimension(), &zero, result_, CUDA_R_32F, product_.height, type,
                             CUBLAS_GEMM_DEFAULT) == CUBLAS_STATUS_SUCCESS;
  }

  std::vector<float> result() const {
    std::vector<float> numbers(static_cast<std::size_t>(size_));
    CHECK(cudaStreamSynchronize(stream_));
    CHECK(cudaMemcpy(numbers.data(), result_, numbers.size() * sizeof(float), cudaMemcpyDeviceToHost));
    return numbers;
  }

  /// Microseconds a product, when a graph has many of them one behind the other; the launch is shared among them.
  Spread timed(cublasComputeType_t type) const {
    cudaGraph_t graph = nullptr;
    CHECK(cudaStreamBeginCapture(stream_, cudaStreamCaptureModeThreadLocal));
    for (int i = 0; i < in_a_row; ++i) multiply(type);
    CHECK(cudaStreamEndCapture(stream_, &graph));
    cudaGraphExec_t executable = nullptr;
    CHECK(cudaGraphInstantiate(&executable, graph, 0));
    CHECK(cudaGraphDestroy(graph));
    StreamTimer timer(stream_);
    const Spread all = timer.repeated([&] { CHECK(cudaGraphLaunch(executable, stream_)); });
    CHECK(cudaGraphExecDestroy(executable));
    return {.median = all.median / in_a_row, .p10 = all.p10 / in_a_row, .p90 = all.p90 / in_a_row};
  }

 private:
  const Library& library_;
  cublasHandle_t handle_;
  Product product_;
  cudaStream_t stream_;
  int size_;
  float *left_ = nullptr, *right_ = nullptr, *result_ = nullptr;
};

/// The greatest difference of two results, relative to the greatest number of the first.
double difference(const std::vector<float>& expected, const std::vector<float>& actual) {
  double most = 0, greatest = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    most = std::max(most, std::fabs(static_cast<double>(actual[i]) - static_cast<double>(expected[i])));
    greatest = std::max(greatest, std::fabs(static_cast<double>(expected[i])));
  }
  return most / greatest;
}

void print_product(const Run& run, const Product& product) {
  std::printf("{\"name\": \"%s\", \"height\": %d, \"width\": %d, \"depth\": %d", product.name, product.height,
              product.width, product.depth);
  std::optional<std::vector<float>> expected;
  for (const Arithmetic& arithmetic : arithmetics) {
    if (!run.multiply(arithmetic.type)) {
      std::printf(", \"%s\": null", arithmetic.name);
      continue;
    }
    const std::vector<float> result = run.result();
    if (!expected) expected = result;
    std::printf(", \"%s\": {\"us\": %s, \"difference\": %.3e}", arithmetic.name,
                json(run.timed(arithmetic.type)).c_str(), difference(*expected, result));
  }
  std::printf("}");
}

}  // namespace

int product_costs(const char* file) {
  Library library;
  if (!library.load(file)) {
    std::fprintf(stderr, "gpu_micro: %s\n", dlerror());
    return 1;
  }
  int device = 0, major = 0;
  CHECK(cudaGetDevice(&device));
  CHECK(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device));
  cudaStream_t stream = nullptr;
  CHECK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
  const std::size_t bytes = major >= 9 ? std::size_t{32} << 20 : std::size_t{4} << 20;  // as the CUDA engine's
  void* workspace = nullptr;
  CHECK(cudaMalloc(&workspace, bytes));
  cublasHandle_t handle = nullptr;
  if (library.create(&handle) != CUBLAS_STATUS_SUCCESS || library.set_stream(handle, stream) != CUBLAS_STATUS_SUCCESS ||
      library.set_workspace(handle, workspace, bytes) != CUBLAS_STATUS_SUCCESS) {
    std::fprintf(stderr, "gpu_micro: cuBLAS made no handle\n");
    return 1;
  }
  std::printf("{\"products\": [");
  for (const Product& product : products) {
    std::printf("%s", &product == products ? "" : ", ");
    print_product(Run(library, handle, product, stream), product);
  }
  std::printf("]}\n");
  return 0;
}

}  // namespace micro
