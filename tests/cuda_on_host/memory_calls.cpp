#include <cstring>

#include "cuda_on_host/capture.h"
#include "cuda_on_host/runtime.h"

namespace nib::cuda_on_host {
namespace {

std::string size_of(const Range& range) { return std::to_string(range.bytes) + " bytes"; }

Range range_of(const void* begin, std::size_t bytes) { return {static_cast<const std::byte*>(begin), bytes}; }

/// Once when the copy is put in, and again when it runs.
void check_device(const Range& range, const std::string& what) {
  if (!runtime().memory.holds(MemoryKind::device, range))
    misuse(what + ": " + size_of(range) + " are not within one allocation of device memory");
}
void check_pinned(const Range& range, const std::string& what) {
  if (!runtime().memory.holds(MemoryKind::pinned, range))
    misuse(what + ": " + size_of(range) + " are not within one allocation of pinned memory");
}
void check_host(const Range& range, const std::string& what) {
  const Memory::Block* const block = runtime().memory.find(range.begin);
  if (block && block->kind == MemoryKind::device) misuse(what + " is device memory");
  if (block) check_pinned(range, what);
}

bool is_pinned(const Range& range) { return runtime().memory.holds(MemoryKind::pinned, range); }

cudaMemcpyKind actual_kind(cudaMemcpyKind kind, const Range& to, const Range& from) {
  if (kind != cudaMemcpyDefault) return kind;
  const Memory& memory = runtime().memory;
  const bool to_device = memory.holds(MemoryKind::device, to), from_device = memory.holds(MemoryKind::device, from);
  if (to_device) return from_device ? cudaMemcpyDeviceToDevice : cudaMemcpyHostToDevice;
  return from_device ? cudaMemcpyDeviceToHost : cudaMemcpyHostToHost;
}

void check_copy(cudaMemcpyKind kind, const Range& to, const Range& from) {
  const bool to_device = kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice;
  const bool from_device = kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice;
  (to_device ? check_device : check_host)(to, "a copy's destination");
  (from_device ? check_device : check_host)(from, "a copy's source");
  if (to.overlaps(from)) misuse("a copy's source and destination overlap");
}

void copy(const Range& to, const Range& from) { std::memcpy(const_cast<std::byte*>(to.begin), from.begin, from.bytes); }

cudaError_t copy_later(Runtime& device, cudaMemcpyKind kind, const Range& to, const Range& from, cudaStream_t stream) {
  const bool from_host = kind == cudaMemcpyHostToDevice || kind == cudaMemcpyHostToHost;
  const bool to_host = kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyHostToHost;
  const bool pageable_source = from_host && !is_pinned(from), pageable_target = to_host && !is_pinned(to);
  if (pageable_source || pageable_target) refuse_in_capture("a copy from or to pageable memory");
  Work work{.kind = WorkKind::copy, .name = "a copy of " + size_of(from)};
  if (pageable_source) {
    // CUDA hands the call back when it has read all of such a source.
    const std::vector<std::byte> taken(from.begin, from.begin + from.bytes);
    work.run = [=] {
      if (!to_host) check_device(to, "a copy's destination");
      copy(to, range_of(taken.data(), taken.size()));
    };
  } else {
    if (from_host) work.host_read = from;
    if (to_host && !pageable_target) work.host_write = to;
    work.run = [=] {
      check_copy(kind, to, from);
      copy(to, from);
    };
  }
  const cudaError_t status = submit(stream, std::move(work));
  if (status == cudaSuccess && pageable_target) {
    ++device.counts.host_waits;
    device.streams.run_stream(device.streams.stream(stream));
  }
  return status;
}

cudaError_t allocate(Runtime& device, const char* call, MemoryKind kind, void** pointer, std::size_t bytes) {
  refuse_in_capture(call);
  *pointer = nullptr;
  if (bytes == 0) return cudaSuccess;
  const std::size_t left =
      device.settings.memory_bytes - std::min(device.settings.memory_bytes, device.memory.device_bytes());
  if (kind == MemoryKind::device && bytes > left) return cudaErrorMemoryAllocation;
  *pointer = device.memory.allocate(kind, bytes);
  return cudaSuccess;
}

/// Work that has not run may still use the memory: as in CUDA, freeing it waits for the whole device.
cudaError_t release(Runtime& device, const char* call, MemoryKind kind, void* pointer) {
  if (!pointer) return cudaSuccess;
  refuse_in_capture(call);
  device.streams.run_all();
  device.memory.release(kind, pointer);
  return cudaSuccess;
}

}  // namespace

void require_device(const void* pointer, std::size_t bytes, const char* what) {
  Runtime& device = runtime();
  const std::lock_guard lock(device.mutex);
  check_device(range_of(pointer, bytes), what);
}

}  // namespace nib::cuda_on_host

using nib::cuda_on_host::api_call;
using nib::cuda_on_host::MemoryKind;
using nib::cuda_on_host::Range;
using nib::cuda_on_host::range_of;
using nib::cuda_on_host::refuse_in_capture;
using nib::cuda_on_host::release_call;
using nib::cuda_on_host::Runtime;

cudaError_t cudaMemGetInfo(std::size_t* free_bytes, std::size_t* total_bytes) {
  return api_call("cudaMemGetInfo", [&](Runtime& device) {
    *total_bytes = device.settings.memory_bytes;
    *free_bytes = *total_bytes - std::min(*total_bytes, device.memory.device_bytes());
    return cudaSuccess;
  });
}

cudaError_t cudaMalloc(void** pointer, std::size_t bytes) {
  return api_call("cudaMalloc", [&](Runtime& device) {
    return nib::cuda_on_host::allocate(device, "cudaMalloc", MemoryKind::device, pointer, bytes);
  });
}

cudaError_t cudaFree(void* pointer) {
  return release_call("cudaFree", [&](Runtime& device) {
    return nib::cuda_on_host::release(device, "cudaFree", MemoryKind::device, pointer);
  });
}

cudaError_t cudaHostAlloc(void** pointer, std::size_t bytes, unsigned) {
  return api_call("cudaHostAlloc", [&](Runtime& device) {
    return nib::cuda_on_host::allocate(device, "cudaHostAlloc", MemoryKind::pinned, pointer, bytes);
  });
}

cudaError_t cudaMallocHost(void** pointer, std::size_t bytes) {
  return api_call("cudaMallocHost", [&](Runtime& device) {
    return nib::cuda_on_host::allocate(device, "cudaMallocHost", MemoryKind::pinned, pointer, bytes);
  });
}

cudaError_t cudaFreeHost(void* pointer) {
  return release_call("cudaFreeHost", [&](Runtime& device) {
    return nib::cuda_on_host::release(device, "cudaFreeHost", MemoryKind::pinned, pointer);
  });
}

cudaError_t cudaMemcpy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
  return api_call("cudaMemcpy", [&](Runtime& device) {
    refuse_in_capture("cudaMemcpy", cudaErrorStreamCaptureImplicit);
    if (bytes == 0) return cudaSuccess;
    const Range target = range_of(to, bytes), source = range_of(from, bytes);
    nib::cuda_on_host::check_copy(nib::cuda_on_host::actual_kind(kind, target, source), target, source);
    ++device.counts.copies;
    ++device.counts.host_waits;
    device.streams.run_blocking_streams();
    nib::cuda_on_host::copy(target, source);
    return cudaSuccess;
  });
}

cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
  return api_call("cudaMemcpyAsync", [&](Runtime& device) {
    device.streams.stream(stream);
    if (bytes == 0) return cudaSuccess;
    const Range target = range_of(to, bytes), source = range_of(from, bytes);
    const cudaMemcpyKind actual = nib::cuda_on_host::actual_kind(kind, target, source);
    nib::cuda_on_host::check_copy(actual, target, source);
    return nib::cuda_on_host::copy_later(device, actual, target, source, stream);
  });
}

cudaError_t cudaMemsetAsync(void* pointer, int value, std::size_t bytes, cudaStream_t stream) {
  return api_call("cudaMemsetAsync", [&](Runtime& device) {
    device.streams.stream(stream);
    if (bytes == 0) return cudaSuccess;
    const Range target = range_of(pointer, bytes);
    nib::cuda_on_host::check_device(target, "a memset's destination");
    return nib::cuda_on_host::submit(stream, {.kind = nib::cuda_on_host::WorkKind::memset,
                                              .name = "a memset of " + nib::cuda_on_host::size_of(target),
                                              .run = [=] {
                                                nib::cuda_on_host::check_device(target, "a memset's destination");
                                                std::memset(pointer, value, bytes);
                                              }});
  });
}
