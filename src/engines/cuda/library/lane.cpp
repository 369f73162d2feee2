#include "engines/cuda/library/lane.h"

namespace nib::cuda {
namespace {

CudnnHandle make_cudnn(cudaStream_t stream) {
  cudnnHandle_t handle = nullptr;
  NIB_CHECK_CUDNN(cudnnCreate(&handle));
  CudnnHandle owner(handle);
  NIB_CHECK_CUDNN(cudnnSetStream(handle, stream));
  return owner;
}

CublasHandle make_cublas(cudaStream_t stream) {
  cublasHandle_t handle = nullptr;
  NIB_CHECK_CUBLAS(cublasCreate(&handle));
  CublasHandle owner(handle);
  NIB_CHECK_CUBLAS(cublasSetStream(handle, stream));
  return owner;
}

}  // namespace

Lane make_lane() {
  Lane lane;
  lane.stream = make_stream();
  lane.cudnn = make_cudnn(lane.stream.get());
  lane.cublas = make_cublas(lane.stream.get());
  return lane;
}

}  // namespace nib::cuda
