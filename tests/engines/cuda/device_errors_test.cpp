// What a user reads when the device fails: at the start, and in the middle of a run.

#include <cublas_v2.h>
#include <cuda_runtime.h>
#include <cudnn.h>
#include <gmock/gmock.h>

#include "engines/cuda/cuda_engine_fixture.h"
#include "support/synthetic.h"

namespace nib {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class CudaErrors : public CudaEngineTest {
 protected:
  Network network = small_network();
};

TEST_F(CudaErrors, TooLittleMemoryAtTheStartIsNamedWithItsSize) {
  cuda_on_host::set_memory(std::size_t{10} << 20);
  EXPECT_THAT(device_error_of([&] { make({.network = digits_network()}); }),
              AllOf(HasSubstr("not enough GPU memory for the network and its activations"), HasSubstr("MiB free"),
                    HasSubstr("got 10.0 MiB free of 10.0 MiB"), HasSubstr("batch")));
}

TEST_F(CudaErrors, TooLittleMemoryInTheRunIsNamedToo) {
  const auto engine = make({.network = network, .batch = 4});
  const ImageSet set = engine->upload(images_for(network, 8));
  cuda_on_host::fail_call("cudaMalloc", 1, cudaErrorMemoryAllocation);
  EXPECT_THAT(device_error_of([&] { engine->train(set, synthetic::file_order(8), std::vector<double>(2, 0.001), {}); }),
              HasSubstr("not enough GPU memory for"));
  // Nothing is lost: with memory again, training goes on.
  EXPECT_EQ(engine->train(set, synthetic::file_order(8), std::vector<double>(2, 0.001), {}).steps, 2u);
}

/// Also where it is a library that finds too little of it: how much it wanted, it does not say.
TEST_F(CudaErrors, TooLittleMemoryForALibraryIsToldWithWhatIsFree) {
  cuda_on_host::set_memory(std::size_t{2} << 30);
  struct Call {
    const char* function;
    int status;
  };
  for (const auto& [function, status] : {Call{"cublasCreate", CUBLAS_STATUS_ALLOC_FAILED},
                                         Call{"cudnnCreate", CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED},
                                         Call{"cudaGraphInstantiate", cudaErrorMemoryAllocation}}) {
    cuda_on_host::fail_call(function, 1, status);
    EXPECT_THAT(device_error_of([&] {
                  const auto engine = make({.network = network, .batch = 4});
                  engine->train(engine->upload(images_for(network, 8)), {}, {}, {});
                }),
                AllOf(HasSubstr(function), HasSubstr("not enough GPU memory"), HasSubstr("free of 2048.0 MiB")));
    cuda_on_host::reset();
    cuda_on_host::set_memory(std::size_t{2} << 30);
  }
}

/// Every call that can fail, failing once, in first calls of train and evaluate: always one line of the right kind, and
/// nothing left over.
TEST_F(CudaErrors, EveryFailingCallIsNamed) {
  struct Call {
    const char* function;
    unsigned nth = 1;
  };
  for (const auto& [function, nth] : std::vector<Call>{{"cudaSetDevice"},
                                                       {"cudaGetDeviceProperties"},
                                                       {"cudaStreamCreateWithFlags"},
                                                       {"cudnnCreate"},
                                                       {"cublasCreate"},
                                                       {"cublasSetWorkspace"},
                                                       {"cudnnSetStream"},
                                                       {"cudaMemsetAsync"},
                                                       {"cudaMemcpyAsync"},
                                                       {"cudaStreamSynchronize", 3},  // the second tries an own kernel
                                                       {"cudaStreamBeginCapture"},
                                                       {"cudaStreamEndCapture"},
                                                       {"cudaGraphInstantiate"},
                                                       {"cudaGraphLaunch"},
                                                       {"cudaEventRecord"},
                                                       {"cudaEventQuery"},
                                                       {"cudaEventSynchronize"},
                                                       {"cudaLaunchKernelExC", 6},  // the first five try own kernels
                                                       {"cublasGemmEx"},
                                                       {"cudaMemGetInfo"}}) {
    SCOPED_TRACE(function);
    const bool cudnn = std::string(function).starts_with("cudnn"), cublas = std::string(function).starts_with("cublas");
    cuda_on_host::fail_call(function, nth, cudnn ? 1001 : cublas ? 14 : int{cudaErrorIllegalAddress});
    const std::string message = device_error_of([&] {
      const auto engine = make({.network = network, .batch = 4});
      const ImageSet set = engine->upload(images_for(network, 8));
      engine->train(set, synthetic::file_order(8), std::vector<double>(2, 0.001), {});
      engine->evaluate(set, {}, {});
    });
    EXPECT_THAT(message, HasSubstr(std::string(function) == "cudaLaunchKernelExC" ? "cudaLaunchKernelEx" : function));
    EXPECT_THAT(message, HasSubstr(cudnn ? "cuDNN" : cublas ? "cuBLAS" : "cudaErrorIllegalAddress"));
    EXPECT_THAT(message, HasSubstr("hint: "));
    cuda_on_host::reset();
  }
}

/// After an illegal address every call fails, also those that give things back.
TEST_F(CudaErrors, AStickyErrorEndsTheRunInOneLine) {
  auto engine = make({.network = network, .batch = 4});
  {
    const ImageSet set = engine->upload(images_for(network, 8));
    cuda_on_host::fail_call("cudaGraphLaunch", 2, cudaErrorIllegalAddress, true);
    EXPECT_THAT(
        device_error_of([&] { engine->train(set, synthetic::file_order(8), std::vector<double>(2, 0.001), {}); }),
        HasSubstr("cudaErrorIllegalAddress"));
    EXPECT_THAT(device_error_of([&] { engine->state(); }), HasSubstr("cudaErrorIllegalAddress"));
  }
  engine.reset();
}

}  // namespace
}  // namespace nib
