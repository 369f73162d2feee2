#include <cmath>
#include <cstring>

#include "cuda_on_host/test/runtime_fixture.h"

namespace nib::cuda_on_host {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

__global__ void do_nothing() {}

using DeviceOnHost = RuntimeTest;

TEST_F(DeviceOnHost, MemoryHasAnEnd) {
  set_memory(1000);
  std::size_t free_bytes = 0, total_bytes = 0;
  const DeviceFloats first(100);
  EXPECT_EQ(cudaMemGetInfo(&free_bytes, &total_bytes), cudaSuccess);
  EXPECT_EQ(free_bytes, 600u);
  EXPECT_EQ(total_bytes, 1000u);
  void* memory = &total_bytes;
  EXPECT_EQ(cudaMalloc(&memory, 601), cudaErrorMemoryAllocation);
  EXPECT_EQ(memory, nullptr);
  EXPECT_EQ(cudaGetLastError(), cudaErrorMemoryAllocation);
  const DeviceFloats second(150);
  cudaMemGetInfo(&free_bytes, &total_bytes);
  EXPECT_EQ(free_bytes, 0u);
}

TEST_F(DeviceOnHost, FreshMemoryIsPoisoned) {
  const DeviceFloats device(3);
  const PinnedFloats pinned(3);
  EXPECT_TRUE(std::isnan(device[2]));
  EXPECT_TRUE(std::isnan(pinned[0]));
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(device.data()) % 256, 0u);
}

TEST_F(DeviceOnHost, RefusesToFreeWhatItDoesNotHold) {
  const DeviceFloats device(4);
  const PinnedFloats pinned(4);
  float own = 0;
  void* memory = nullptr;
  cudaMalloc(&memory, 16);
  EXPECT_EQ(cudaFree(memory), cudaSuccess);
  EXPECT_EQ(cudaFree(nullptr), cudaSuccess);
  EXPECT_THAT([&] { cudaFree(memory); }, ThrowsMessage<Misuse>(HasSubstr("was freed before")));
  EXPECT_THROW(cudaFree(&own), Misuse);
  EXPECT_THROW(cudaFree(device.data() + 1), Misuse);
  EXPECT_THROW(cudaFree(pinned.data()), Misuse);
  EXPECT_THROW(cudaFreeHost(device.data()), Misuse);
}

TEST_F(DeviceOnHost, RefusesCopiesOutOfBounds) {
  const Stream stream;
  const DeviceFloats device(4), other(4);
  const PinnedFloats pinned(4);
  const auto copy = [&](void* to, const void* from, cudaMemcpyKind kind) {
    return [=, &stream] { cudaMemcpyAsync(to, from, 16, kind, stream); };
  };
  EXPECT_THAT(copy(device.data() + 1, pinned.data(), cudaMemcpyHostToDevice),
              ThrowsMessage<Misuse>(HasSubstr("a copy's destination: 16 bytes are not within one allocation")));
  EXPECT_THAT(copy(device.data(), pinned.data() + 1, cudaMemcpyHostToDevice),
              ThrowsMessage<Misuse>(HasSubstr("a copy's source: 16 bytes are not within one allocation of pinned")));
  EXPECT_THAT(copy(device.data(), other.data(), cudaMemcpyHostToDevice),
              ThrowsMessage<Misuse>(HasSubstr("a copy's source is device memory")));
  EXPECT_THAT(copy(device.data(), device.data(), cudaMemcpyDeviceToDevice),
              ThrowsMessage<Misuse>(HasSubstr("overlap")));
  EXPECT_THROW(cudaMemsetAsync(pinned.data(), 0, 16, stream), Misuse);
  EXPECT_THROW(require_device(device.data(), 17, "x"), Misuse);
  EXPECT_NO_THROW(require_device(device.data(), 16, "x"));
  EXPECT_EQ(counts().copies, 0u);
}

TEST_F(DeviceOnHost, FreeingWaitsForAllWork) {
  const Stream stream;
  const PinnedFloats host(1);
  host[0] = 3;
  void* memory = nullptr;
  cudaMalloc(&memory, 4);
  cudaMemcpyAsync(memory, host.data(), 4, cudaMemcpyHostToDevice, stream);
  EXPECT_EQ(cudaFree(memory), cudaSuccess);
  stream.wait();
}

TEST_F(DeviceOnHost, ResetFindsWhatIsLeftOver) {
  void* memory = nullptr;
  cudaMalloc(&memory, 16);
  cudaStream_t stream = nullptr;
  cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking);
  EXPECT_THAT([] { reset(); },
              ThrowsMessage<Misuse>(HasSubstr("left over: 1 allocations, 1 streams, events and graphs")));
  EXPECT_NO_THROW(reset());
}

TEST_F(DeviceOnHost, ACallFailsWhenATestWantsIt) {
  void* memory = nullptr;
  fail_call("cudaMallocHost", 2, cudaErrorNotPermitted);
  EXPECT_EQ(cudaMallocHost(&memory, 16), cudaSuccess);
  EXPECT_EQ(cudaFreeHost(memory), cudaSuccess);
  EXPECT_EQ(cudaMallocHost(&memory, 16), cudaErrorNotPermitted);
  EXPECT_EQ(cudaMallocHost(&memory, 16), cudaSuccess);
  EXPECT_EQ(cudaFreeHost(memory), cudaSuccess);
  fail_call("cudnnCreate", 1, 1001);
  EXPECT_EQ(injected_failure("cudnnCreate"), 1001);
  EXPECT_EQ(injected_failure("cudnnCreate"), 0);
}

TEST_F(DeviceOnHost, AStickyErrorStaysUntilReset) {
  {
    const Stream stream;
    const DeviceFloats device(1);
    kernels::launch(do_nothing, 1, 1, stream);
    fail_call("cudaStreamSynchronize", 1, cudaErrorIllegalAddress, true);
    EXPECT_EQ(cudaStreamSynchronize(stream), cudaErrorIllegalAddress);
    EXPECT_EQ(cudaMemsetAsync(device.data(), 0, 4, stream), cudaErrorIllegalAddress);
    EXPECT_EQ(cudaGetLastError(), cudaErrorIllegalAddress);
    EXPECT_EQ(cudaGetLastError(), cudaErrorIllegalAddress);
    EXPECT_EQ(injected_failure("cublasSgemm_v2"), cudaErrorIllegalAddress);
  }
  EXPECT_NO_THROW(reset()) << "owners give back what they hold with an error on the device, too";
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
}

TEST_F(DeviceOnHost, DevicesAreAsTheTestSaysTheyAre) {
  int count = -1, version = -1, device = -1, major = -1;
  cudaDeviceProp properties{};
  set_devices(2);
  set_compute_capability(8, 6);
  EXPECT_EQ(cudaGetDeviceCount(&count), cudaSuccess);
  EXPECT_EQ(count, 2);
  EXPECT_EQ(cudaSetDevice(2), cudaErrorInvalidDevice);
  EXPECT_EQ(cudaSetDevice(1), cudaSuccess);
  EXPECT_EQ(cudaGetDevice(&device), cudaSuccess);
  EXPECT_EQ(device, 1);
  EXPECT_EQ(cudaGetDeviceProperties(&properties, 1), cudaSuccess);
  EXPECT_EQ(properties.major * 10 + properties.minor, 86);
  EXPECT_EQ(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, 0), cudaSuccess);
  EXPECT_EQ(major, 8);
  set_devices(0);
  EXPECT_EQ(cudaGetDeviceCount(&count), cudaErrorNoDevice);
  EXPECT_EQ(count, 0);
  set_devices(1);
  set_driver_version(12040);
  EXPECT_EQ(cudaGetDeviceCount(&count), cudaErrorInsufficientDriver);
  EXPECT_EQ(cudaDriverGetVersion(&version), cudaSuccess);
  EXPECT_EQ(version, 12040);
  EXPECT_EQ(cudaRuntimeGetVersion(&version), cudaSuccess);
  EXPECT_EQ(version, CUDART_VERSION);
  EXPECT_STREQ(cudaGetErrorName(cudaErrorInsufficientDriver), "cudaErrorInsufficientDriver");
  EXPECT_STREQ(cudaGetErrorString(cudaErrorNoDevice), "no CUDA-capable device is detected");
  reset();
  EXPECT_EQ(cudaSetDevice(0), cudaSuccess);
}

}  // namespace
}  // namespace nib::cuda_on_host
