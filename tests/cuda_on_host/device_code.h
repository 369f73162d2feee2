#pragma once

#include <math.h>

#include <atomic>
#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <source_location>

#include "cuda_on_host/cuda_vectors.h"

/// What CUDA's language adds to C++, as far as the kernels use it.

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...)
#define __grid_constant__
#define __align__(bytes) __attribute__((aligned(bytes)))
/// One block runs at a time, so a static is that block's shared memory. In a section of its own all of it can be
/// poisoned before each block. GCC forgets the section inside templates (its bug 41091): there nothing is poisoned, and
/// kernels with shared memory should be no templates.
#define __shared__ static __attribute__((section("nib_cuda_shared")))

inline constinit thread_local uint3 threadIdx{}, blockIdx{};
inline constinit thread_local dim3 blockDim{}, gridDim{};
inline constexpr int warpSize = 32;

namespace nib::cuda_on_host {

using Site = std::source_location;

/// Waits for all threads of the block. Threads that have ended or wait elsewhere are Misuse.
void block_barrier(const Site& site);

/// Hands `value` to the other lanes of the warp: slot [lane] of what is returned, good until the lane's next exchange.
/// All 32 lanes have to take part.
const std::uint64_t* warp_exchange(unsigned mask, std::uint64_t value, const Site& site);
unsigned lane();

/// Sums what all threads of the block hand in.
int block_sum(int value, const Site& site);

void memory_fence();

template <typename T>
concept Word = sizeof(T) <= sizeof(std::uint64_t) && std::is_trivially_copyable_v<T>;

/// The value that lane `source` of each warp segment of `width` hands in; one's own where that is out of the segment.
template <Word T>
T shuffle(unsigned mask, T value, int source, int width, const Site& site) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  const std::uint64_t* const slots = warp_exchange(mask, bits, site);
  const int self = static_cast<int>(lane()), begin = self / width * width;
  if (source >= begin && source < begin + width) std::memcpy(&value, &slots[source], sizeof value);
  return value;
}

}  // namespace nib::cuda_on_host

inline void __syncthreads(nib::cuda_on_host::Site site = nib::cuda_on_host::Site::current()) {
  nib::cuda_on_host::block_barrier(site);
}
inline int __syncthreads_count(int predicate, nib::cuda_on_host::Site site = nib::cuda_on_host::Site::current()) {
  return nib::cuda_on_host::block_sum(predicate != 0, site);
}
inline int __syncthreads_or(int predicate, nib::cuda_on_host::Site site = nib::cuda_on_host::Site::current()) {
  return nib::cuda_on_host::block_sum(predicate != 0, site) != 0;
}
inline int __syncthreads_and(int predicate, nib::cuda_on_host::Site site = nib::cuda_on_host::Site::current()) {
  return nib::cuda_on_host::block_sum(predicate == 0, site) == 0;
}
inline void __syncwarp(unsigned mask = 0xffffffffu, nib::cuda_on_host::Site site = nib::cuda_on_host::Site::current()) {
  nib::cuda_on_host::warp_exchange(mask, 0, site);
}

template <nib::cuda_on_host::Word T>
T __shfl_sync(unsigned mask, T value, int source, int width = warpSize,
              nib::cuda_on_host::Site site = nib::cuda_on_host::Site::current()) {
  const int begin = static_cast<int>(nib::cuda_on_host::lane()) / width * width;
  return nib::cuda_on_host::shuffle(mask, value, begin + (source & (width - 1)), width, site);
}
template <nib::cuda_on_host::Word T>
T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = warpSize,
                 nib::cuda_on_host::Site site = nib::cuda_on_host::Site::current()) {
  return nib::cuda_on_host::shuffle(mask, value, static_cast<int>(nib::cuda_on_host::lane() - delta), width, site);
}
template <nib::cuda_on_host::Word T>
T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = warpSize,
                   nib::cuda_on_host::Site site = nib::cuda_on_host::Site::current()) {
  return nib::cuda_on_host::shuffle(mask, value, static_cast<int>(nib::cuda_on_host::lane() + delta), width, site);
}
template <nib::cuda_on_host::Word T>
T __shfl_xor_sync(unsigned mask, T value, int lane_mask, int width = warpSize,
                  nib::cuda_on_host::Site site = nib::cuda_on_host::Site::current()) {
  return nib::cuda_on_host::shuffle(mask, value, static_cast<int>(nib::cuda_on_host::lane()) ^ lane_mask, width, site);
}
inline unsigned __ballot_sync(unsigned mask, int predicate,
                              nib::cuda_on_host::Site site = nib::cuda_on_host::Site::current()) {
  const std::uint64_t* const slots = nib::cuda_on_host::warp_exchange(mask, predicate != 0, site);
  unsigned ballot = 0;
  for (unsigned lane = 0; lane < 32; ++lane) ballot |= static_cast<unsigned>(slots[lane]) << lane;
  return ballot;
}
inline int __any_sync(unsigned mask, int predicate, nib::cuda_on_host::Site site = nib::cuda_on_host::Site::current()) {
  return __ballot_sync(mask, predicate, site) != 0;
}
inline int __all_sync(unsigned mask, int predicate, nib::cuda_on_host::Site site = nib::cuda_on_host::Site::current()) {
  return __ballot_sync(mask, predicate, site) == 0xffffffffu;
}

inline void __threadfence() { nib::cuda_on_host::memory_fence(); }
inline void __threadfence_block() { nib::cuda_on_host::memory_fence(); }

// Atomics return what was there before.

template <typename T>
T atomicAdd(T* address, std::type_identity_t<T> value) {
  return std::atomic_ref<T>(*address).fetch_add(value, std::memory_order_relaxed);
}
template <typename T>
T atomicExch(T* address, std::type_identity_t<T> value) {
  return std::atomic_ref<T>(*address).exchange(value, std::memory_order_relaxed);
}
template <std::integral T>
T atomicOr(T* address, std::type_identity_t<T> value) {
  return std::atomic_ref<T>(*address).fetch_or(value, std::memory_order_relaxed);
}
template <std::integral T>
T atomicCAS(T* address, std::type_identity_t<T> expected, std::type_identity_t<T> value) {
  std::atomic_ref<T>(*address).compare_exchange_strong(expected, value, std::memory_order_relaxed);
  return expected;
}
template <std::integral T>
T atomicMin(T* address, std::type_identity_t<T> value) {
  std::atomic_ref<T> target(*address);
  T old = target.load(std::memory_order_relaxed);
  while (value < old && !target.compare_exchange_weak(old, value, std::memory_order_relaxed)) {
  }
  return old;
}
template <std::integral T>
T atomicMax(T* address, std::type_identity_t<T> value) {
  std::atomic_ref<T> target(*address);
  T old = target.load(std::memory_order_relaxed);
  while (value > old && !target.compare_exchange_weak(old, value, std::memory_order_relaxed)) {
  }
  return old;
}

// Functions of numbers

inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fdiv_rn(float a, float b) { return a / b; }
inline float __fsqrt_rn(float a) { return sqrtf(a); }
inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
inline int __float_as_int(float value) { return std::bit_cast<int>(value); }
inline unsigned __float_as_uint(float value) { return std::bit_cast<unsigned>(value); }
inline float __int_as_float(int value) { return std::bit_cast<float>(value); }
inline float __uint_as_float(unsigned value) { return std::bit_cast<float>(value); }
inline long long __double_as_longlong(double value) { return std::bit_cast<long long>(value); }
inline double __longlong_as_double(long long value) { return std::bit_cast<double>(value); }
inline int __popc(unsigned value) { return std::popcount(value); }
inline int __clz(int value) { return std::countl_zero(static_cast<unsigned>(value)); }
inline int __ffs(int value) { return value == 0 ? 0 : std::countr_zero(static_cast<unsigned>(value)) + 1; }

template <typename T>
const T& __ldg(const T* pointer) {
  return *pointer;
}
template <typename T>
constexpr T min(T a, T b) {
  return b < a ? b : a;
}
template <typename T>
constexpr T max(T a, T b) {
  return a < b ? b : a;
}
