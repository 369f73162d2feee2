#include <cstdlib>
#include <string>

#include "cuda_on_host/runtime.h"

namespace nib::cuda_on_host {
namespace {

std::uint64_t seed_at_start() {
  const char* const text = std::getenv("NIB_CUDA_SEED");
  return text ? std::stoull(text) : 1;
}

template <typename Change>
auto locked(const Change& change) {
  Runtime& device = runtime();
  const std::lock_guard lock(device.mutex);
  return change(device);
}

}  // namespace

Runtime& runtime() {
  static Runtime instance;
  static const bool seeded = [] {
    instance.seed = seed_at_start();
    instance.random = Random(instance.seed);
    return true;
  }();
  static_cast<void>(seeded);
  return instance;
}

cudaError_t error_on_entry(Runtime& device, const char* call) {
  cudaError_t status = device.sticky_error;
  const auto [begin, end] = device.faults.equal_range(call);
  for (auto fault = begin; fault != end;) {
    if (--fault->second.calls_left != 0) {
      ++fault;
      continue;
    }
    if (status == cudaSuccess) status = static_cast<cudaError_t>(fault->second.code);
    if (fault->second.sticky) {
      device.sticky_error = status;
      device.streams.drop_all();
    }
    fault = device.faults.erase(fault);
  }
  return status;
}

int injected_failure(const char* call) {
  return locked([&](Runtime& device) { return static_cast<int>(error_on_entry(device, call)); });
}

void misuse(const std::string& text) {
  throw Misuse(text + " (seed " + std::to_string(seed()) + ", set by NIB_CUDA_SEED)");
}

void misuse(const std::string& text, cudaError_t code) {
  remember(code);
  misuse(text + ", " + cudaGetErrorName(code));
}

void reset() {
  locked([](Runtime& device) {
    const std::size_t blocks = device.memory.blocks(), handles = device.streams.live();
    device.streams.clear();
    device.memory.clear();
    device.settings = Settings();
    device.faults.clear();
    device.sticky_error = cudaSuccess;
    device.counts = device.last_graph = Counts();
    device.random = Random(device.seed);
    cudaGetLastError();
    if (blocks != 0 || handles != 0)
      misuse("left over: " + std::to_string(blocks) + " allocations, " + std::to_string(handles) +
             " streams, events and graphs");
  });
}

void set_seed(std::uint64_t seed) {
  locked([&](Runtime& device) {
    device.seed = seed;
    device.random = Random(seed);
  });
}

std::uint64_t seed() { return runtime().seed; }

Counts counts() {
  return locked([](Runtime& device) { return device.counts; });
}

Counts last_graph() {
  return locked([](Runtime& device) { return device.last_graph; });
}

void fail_call(const std::string& function, unsigned nth, int code, bool sticky) {
  locked([&](Runtime& device) {
    device.faults.emplace(function, Fault{.calls_left = nth, .code = code, .sticky = sticky});
  });
}

void set_memory(std::size_t total_bytes) {
  locked([&](Runtime& device) { device.settings.memory_bytes = total_bytes; });
}

void set_devices(int count) {
  locked([&](Runtime& device) { device.settings.devices = count; });
}

void set_driver_version(int version) {
  locked([&](Runtime& device) { device.settings.driver_version = version; });
}

void set_compute_capability(int major, int minor) {
  locked([&](Runtime& device) {
    device.settings.major = major;
    device.settings.minor = minor;
  });
}

void set_block_threads(BlockThreads mode) {
  locked([&](Runtime& device) { device.settings.block_threads = mode; });
}

}  // namespace nib::cuda_on_host
