#include <algorithm>
#include <cmath>
#include <numeric>

#include "cuda_on_host/test/runtime_fixture.h"

namespace nib::cuda_on_host {
namespace {

using kernels::launch;
using testing::Each;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr unsigned block_threads = 64;

__global__ void number_threads(float* out, unsigned count) {
  const unsigned index = blockIdx.x * blockDim.x + threadIdx.x;
  if (index < count) out[index] = static_cast<float>(index);
}

__global__ void number_boxes(float* out) {
  const unsigned thread = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
  const unsigned block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
  const unsigned index = block * blockDim.x * blockDim.y * blockDim.z + thread;
  out[index] = static_cast<float>(index);
}

/// Each block turns its part round.
__global__ void reverse(float* out, bool with_barrier) {
  __shared__ float part[block_threads];
  float* const own = out + blockIdx.x * block_threads;
  part[threadIdx.x] = static_cast<float>(threadIdx.x);
  if (with_barrier) __syncthreads();
  own[threadIdx.x] = part[block_threads - 1 - threadIdx.x];
}

__global__ void sum_block(float* out) {
  __shared__ float sums[block_threads];
  sums[threadIdx.x] = 1;
  for (unsigned half = block_threads / 2; half > 0; half /= 2) {
    __syncthreads();
    if (threadIdx.x < half) sums[threadIdx.x] += sums[threadIdx.x + half];
  }
  if (threadIdx.x == 0) out[blockIdx.x] = sums[0];
}

/// Each number goes round the block, one place at a time, between two barriers.
__global__ void go_round(float* out) {
  __shared__ float part[block_threads];
  float own = static_cast<float>(threadIdx.x);
  for (unsigned step = 0; step < block_threads; ++step) {
    part[threadIdx.x] = own;
    __syncthreads();
    own = part[(threadIdx.x + 1) % block_threads];
    __syncthreads();
  }
  out[threadIdx.x] = own;
}

__global__ void sum_warps(float* out) {
  float sum = static_cast<float>(threadIdx.x);
  for (int delta = warpSize / 2; delta > 0; delta /= 2) sum += __shfl_down_sync(0xffffffffu, sum, delta);
  sum = __shfl_sync(0xffffffffu, sum, 0);
  out[threadIdx.x] = sum;
}

/// Warp 0 has done nothing of the kind when warp 1 shuffles.
__global__ void vote_in_one_warp(float* out) {
  if (threadIdx.x < 32) return;
  const unsigned ballot = __ballot_sync(0xffffffffu, threadIdx.x % 2 == 0);
  const int xored = __shfl_xor_sync(0xffffffffu, static_cast<int>(threadIdx.x), 3);
  const unsigned above = __shfl_up_sync(0xffffffffu, threadIdx.x, 1, 8);
  if (threadIdx.x == 32) out[0] = static_cast<float>(ballot == 0x55555555u);
  if (threadIdx.x == 37) out[1] = static_cast<float>(xored);
  if (threadIdx.x == 40) out[2] = static_cast<float>(above);
  if (threadIdx.x == 41) out[3] = static_cast<float>(above);
}

__global__ void count_and_vote(float* out) {
  out[threadIdx.x] = static_cast<float>(__syncthreads_count(threadIdx.x < 5) + __syncthreads_or(threadIdx.x == 70));
}

__global__ void add_atomically(float* counters) {
  atomicAdd(&counters[0], 1.0f);
  atomicMax(reinterpret_cast<int*>(&counters[1]), static_cast<int>(threadIdx.x + blockIdx.x * blockDim.x));
}

__global__ void read_what_no_thread_wrote(float* out) {
  __shared__ float part[block_threads];
  if (threadIdx.x == 0 && blockIdx.x == 0) part[1] = 1;
  __syncthreads();
  if (threadIdx.x == 1) out[blockIdx.x] = part[2];
}

__global__ void skip_barrier(unsigned from) {
  if (threadIdx.x < from) __syncthreads();
}
__global__ void part_at_barriers() {
  if (threadIdx.x < 7)
    __syncthreads();
  else
    __syncthreads();
}
__global__ void skip_shuffle() {
  if (threadIdx.x != 3) __syncwarp();
}
__global__ void name_half_a_warp() { __shfl_sync(0xffffu, 1, 0); }
__global__ void write_behind(float* out, unsigned count) { out[count] = 1; }
__global__ void change_its_arguments(float* out, unsigned count) {
  count += threadIdx.x;
  out[threadIdx.x] = static_cast<float>(count);
}

class KernelsOnHost : public RuntimeTest, public testing::WithParamInterface<BlockThreads> {
 protected:
  KernelsOnHost() { set_block_threads(GetParam()); }
  Stream stream_;
};

std::vector<float> counted(std::size_t count) {
  std::vector<float> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0.0f);
  return numbers;
}

TEST_P(KernelsOnHost, RunsEachThreadOnceAndNothingBeforeItHasTo) {
  const DeviceFloats out(700);
  launch(number_threads, 10, 128, stream_, out.data(), 700u);
  EXPECT_TRUE(std::isnan(out[0]));
  EXPECT_EQ(out.values(), counted(700));
  const DeviceFloats boxes(2 * 3 * 2 * 4 * 2 * 2);
  launch(number_boxes, dim3(2, 3, 2), dim3(4, 2, 2), stream_, boxes.data());
  EXPECT_EQ(boxes.values(), counted(192));
}

TEST_P(KernelsOnHost, GivesEachThreadItsOwnArguments) {
  const DeviceFloats out(3);
  launch(change_its_arguments, 1, 3, stream_, out.data(), 5u);
  EXPECT_THAT(out.values(), testing::ElementsAre(5, 6, 7));
}

TEST_P(KernelsOnHost, WaitsAtBarriersInEveryOrder) {
  const DeviceFloats out(4 * block_threads), sums(4);
  EXPECT_EQ(seeds_that_agree([&] {
              launch(reverse, 4, block_threads, stream_, out.data(), true);
              launch(sum_block, 4, block_threads, stream_, sums.data());
              const std::vector<float> values = out.values();
              bool reversed = true;
              for (unsigned i = 0; i < values.size(); ++i)
                reversed = reversed && values[i] == static_cast<float>(block_threads - 1 - i % block_threads);
              return reversed && sums.values() == std::vector<float>(4, block_threads);
            }),
            40);
}

TEST_P(KernelsOnHost, GoesFromOneBarrierToTheNext) {
  const DeviceFloats out(block_threads);
  EXPECT_EQ(seeds_that_agree([&] {
              launch(go_round, 1, block_threads, stream_, out.data());
              return out.values() == counted(block_threads);
            }),
            40);
}

TEST_P(KernelsOnHost, ShufflesWithinWarps) {
  const DeviceFloats out(64), some(4);
  EXPECT_EQ(seeds_that_agree([&] {
              launch(sum_warps, 1, 64, stream_, out.data());
              launch(vote_in_one_warp, 1, 64, stream_, some.data());
              std::vector<float> expected(64, 496);
              std::fill(expected.begin() + 32, expected.end(), 1520.0f);
              return out.values() == expected && some.values() == std::vector<float>{1, 38, 40, 40};
            }),
            40);
}

TEST_P(KernelsOnHost, CountsOverABlock) {
  const DeviceFloats out(96);
  launch(count_and_vote, 1, 96, stream_, out.data());
  EXPECT_THAT(out.values(), Each(6));
}

TEST_P(KernelsOnHost, AddsAtomically) {
  const DeviceFloats counters(2);
  cudaMemsetAsync(counters.data(), 0, counters.bytes(), stream_);
  launch(add_atomically, 5, 100, stream_, counters.data());
  EXPECT_EQ(counters.values()[0], 500);
  EXPECT_EQ(__float_as_int(counters[1]), 499);
}

TEST_P(KernelsOnHost, PoisonsSharedMemoryBeforeEachBlock) {
  const DeviceFloats out(3);
  launch(read_what_no_thread_wrote, 3, 32, stream_, out.data());
  EXPECT_THAT(out.values(), Each(testing::IsNan()));
}

TEST_P(KernelsOnHost, RefusesThreadsThatPart) {
  launch(skip_barrier, 1, 64, stream_, 61u);
  EXPECT_THAT([&] { stream_.wait(); },
              ThrowsMessage<Misuse>(testing::AllOf(HasSubstr("3 ended"), HasSubstr("61 waiting at the barrier of"),
                                                   HasSubstr("kernels_test.cpp:"), HasSubstr("seed 1"))));
  EXPECT_EQ(cudaStreamSynchronize(stream_), cudaErrorLaunchFailure) << "a failed device stays failed";
}

TEST_P(KernelsOnHost, RefusesTwoBarriersAtATime) {
  launch(part_at_barriers, 1, 64, stream_);
  EXPECT_THAT([&] { stream_.wait(); }, ThrowsMessage<Misuse>(HasSubstr("waiting at the barrier of")));
}

TEST_P(KernelsOnHost, RefusesAShuffleWithoutTheWholeWarp) {
  launch(skip_shuffle, 1, 64, stream_);
  EXPECT_THAT([&] { stream_.wait(); }, ThrowsMessage<Misuse>(HasSubstr("waiting for their warp at")));
}

TEST_P(KernelsOnHost, RefusesAPartialMask) {
  launch(name_half_a_warp, 1, 64, stream_);
  EXPECT_THAT([&] { stream_.wait(); }, ThrowsMessage<Misuse>(HasSubstr("without the whole warp in its mask")));
}

TEST_P(KernelsOnHost, RefusesAShuffleInAPartialWarp) {
  launch(sum_warps, 1, 40, stream_, static_cast<float*>(nullptr));
  EXPECT_THAT([&] { stream_.wait(); }, ThrowsMessage<Misuse>(HasSubstr("less than 32 threads")));
}

INSTANTIATE_TEST_SUITE_P(, KernelsOnHost, testing::Values(BlockThreads::by_turns, BlockThreads::host_threads),
                         [](const auto& mode) {
                           return mode.param == BlockThreads::by_turns ? "ByTurns" : "OnHostThreads";
                         });

using KernelsByTurns = RuntimeTest;

TEST_F(KernelsByTurns, AMissingBarrierShowsUnderEveryOrder) {
  const Stream stream;
  const DeviceFloats out(block_threads);
  set_block_threads(BlockThreads::by_turns);
  EXPECT_EQ(seeds_that_agree([&] {
              launch(reverse, 1, block_threads, stream, out.data(), false);
              const std::vector<float> values = out.values();
              return std::none_of(values.begin(), values.end(), [](float value) { return std::isnan(value); });
            }),
            0);
}

TEST_F(KernelsByTurns, RunsThousandsOfBlocks) {
  const Stream stream;
  const DeviceFloats out(200'000), sums(2000);
  launch(number_threads, 782, 256, stream, out.data(), 200'000u);
  EXPECT_EQ(out.values(), counted(200'000));
  launch(sum_block, 2000, block_threads, stream, sums.data());
  EXPECT_THAT(sums.values(), Each(block_threads));
}

TEST_F(KernelsByTurns, RefusesWrongLaunches) {
  const Stream stream;
  cudaLaunchConfig_t configuration{};
  configuration.stream = stream;
  configuration.gridDim = 1;
  configuration.blockDim = 1025;
  EXPECT_EQ(cudaLaunchKernelEx(&configuration, part_at_barriers), cudaErrorInvalidConfiguration);
  configuration.blockDim = 32;
  configuration.gridDim = dim3(1, 65536);
  EXPECT_EQ(cudaLaunchKernelEx(&configuration, part_at_barriers), cudaErrorInvalidConfiguration);
  EXPECT_EQ(cudaGetLastError(), cudaErrorInvalidConfiguration);
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);
  configuration.gridDim = 1;
  set_compute_capability(7, 0);
  EXPECT_EQ(cudaLaunchKernelEx(&configuration, part_at_barriers), cudaErrorNoKernelImageForDevice);
  set_compute_capability(7, 5);
  std::vector<float> host(32);
  EXPECT_THAT([&] { launch(number_threads, 1, 32, stream, host.data(), 32u); },
              ThrowsMessage<Misuse>(HasSubstr("pointer 1 of its arguments is neither device nor pinned memory")));
  EXPECT_THAT([&] { launch(part_at_barriers, 1, 32, nullptr); }, ThrowsMessage<Misuse>(HasSubstr("an unset stream")));
}

#ifndef __SANITIZE_ADDRESS__  // which stops at the write itself
TEST_F(KernelsByTurns, SeesAWriteBehindAnAllocation) {
  const Stream stream;
  const DeviceFloats out(10);
  launch(write_behind, 1, 1, stream, out.data(), 10u);
  EXPECT_THAT([&] { stream.wait(); },
              ThrowsMessage<Misuse>(testing::AllOf(HasSubstr("behind the end of 40 bytes of device memory"),
                                                   HasSubstr("kernel void (float*, unsigned int)"))));
  // Else the release would say so again, in a destructor.
  std::fill_n(reinterpret_cast<unsigned char*>(out.data() + 10), 4, static_cast<unsigned char>(0xA5));
}
#else
TEST_F(KernelsByTurns, TheSanitizerSeesAWriteBehindAnAllocation) {
  EXPECT_DEATH(
      {
        const Stream stream;
        const DeviceFloats out(10);
        launch(write_behind, 1, 1, stream, out.data(), 10u);
        stream.wait();
      },
      "AddressSanitizer: use-after-poison");
}
#endif

}  // namespace
}  // namespace nib::cuda_on_host
