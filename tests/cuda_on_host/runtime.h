#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "cuda_on_host/cuda_on_host.h"
#include "cuda_on_host/memory.h"
#include "cuda_on_host/random.h"
#include "cuda_on_host/sanitizers.h"
#include "cuda_on_host/stream_work.h"
#include "cuda_on_host/streams.h"

namespace nib::cuda_on_host {

struct Settings {
  std::size_t memory_bytes = std::size_t{16} << 30;
  int devices = 1;
  int driver_version = CUDART_VERSION;
  int major = 9, minor = 0;
  BlockThreads block_threads = sanitizers::thread ? BlockThreads::host_threads : BlockThreads::by_turns;
};

struct Fault {
  unsigned calls_left = 1;  ///< the call that makes it zero fails
  int code = 0;
  bool sticky = false;
};

/// All that the stand-in knows, shared by all host threads: whoever uses it holds the mutex, also while work runs.
struct Runtime {
  std::recursive_mutex mutex{};
  std::atomic<std::uint64_t> seed = 1;  ///< atomic for the host threads of a kernel, which do not hold the mutex
  Random random{1};
  Settings settings{};
  std::multimap<std::string, Fault> faults{};
  cudaError_t sticky_error = cudaSuccess;
  Counts counts{}, last_graph{};
  Memory memory{};
  Streams streams{};
};
Runtime& runtime();

/// The error that a call has before it begins: one that a test has asked for, or a sticky one.
cudaError_t error_on_entry(Runtime& device, const char* call);
/// Why no device can be used, if so.
cudaError_t device_error_now(const Runtime& device);
/// What cudaGetLastError() will return on this host thread.
cudaError_t remember(cudaError_t status);

/// Throws Misuse. In CUDA the call would return `code`, which is remembered as the last error.
[[noreturn]] void misuse(const std::string& text, cudaError_t code);

/// A function of the runtime: with the mutex held, after the errors that may lie before it, `body(device)`.
template <typename Body>
cudaError_t api_call(const char* name, Body&& body) {
  Runtime& device = runtime();
  const std::lock_guard lock(device.mutex);
  cudaError_t status = error_on_entry(device, name);
  if (status == cudaSuccess) status = device_error_now(device);
  if (status == cudaSuccess) status = std::forward<Body>(body)(device);
  return remember(status);
}

/// A function that gives something back: an owner may do that with an error on the device, too.
template <typename Body>
cudaError_t release_call(const char* name, Body&& body) {
  Runtime& device = runtime();
  const std::lock_guard lock(device.mutex);
  const cudaError_t before = error_on_entry(device, name);
  if (before != cudaSuccess && before != device.sticky_error) return remember(before);
  const cudaError_t status = std::forward<Body>(body)(device);
  return remember(before != cudaSuccess ? before : status);
}

}  // namespace nib::cuda_on_host
