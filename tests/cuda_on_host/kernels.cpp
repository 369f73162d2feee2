#include <cxxabi.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "cuda_on_host/capture.h"
#include "cuda_on_host/runtime.h"
#include "cuda_on_host/team.h"

// Set by the linker where any kernel has shared memory.
extern "C" __attribute__((weak, visibility("hidden"))) std::byte __start_nib_cuda_shared[];
extern "C" __attribute__((weak, visibility("hidden"))) std::byte __stop_nib_cuda_shared[];

namespace nib::cuda_on_host {

thread_local Team* current_team = nullptr;

namespace {

constexpr std::size_t most_blocks_on_host_threads = 10;

Team& team() {
  if (!current_team) misuse("device code runs outside a kernel");
  return *current_team;
}

std::string kernel_name(const std::type_info& kernel) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(abi::__cxa_demangle(kernel.name(), nullptr, nullptr, &status),
                                                         &std::free);
  return std::string("kernel ") + (name ? name.get() : kernel.name());
}

bool fits(const cudaLaunchConfig_t& configuration) {
  const dim3 grid = configuration.gridDim, block = configuration.blockDim;
  const std::uint64_t threads = std::uint64_t{block.x} * block.y * block.z;
  const bool block_fits = threads >= 1 && threads <= 1024 && block.x <= 1024 && block.y <= 1024 && block.z <= 64;
  const bool grid_fits =
      grid.x >= 1 && grid.y >= 1 && grid.z >= 1 && grid.x <= 0x7fffffffu && grid.y <= 0xffffu && grid.z <= 0xffffu;
  return block_fits && grid_fits;
}

void run_launch(Launch launch) {
  Runtime& device = runtime();
  launch.order = static_cast<Order>(device.random.below(3));
  const bool on_host_threads = device.settings.block_threads == BlockThreads::host_threads;
  if (on_host_threads && launch.blocks() <= most_blocks_on_host_threads)
    run_on_host_threads(launch, device.random);
  else
    run_by_turns(launch, device.random);
}

std::string line_of(const Site& site) {
  const std::string file = site.file_name();
  return file.substr(file.rfind('/') + 1) + ":" + std::to_string(site.line());
}

std::string place(const Position& position) {
  switch (position.state) {
    case Position::State::before:
      return "not begun";
    case Position::State::running:
      return "running";
    case Position::State::ended:
      return "ended";
    case Position::State::barrier:
      return "waiting at the barrier of " + line_of(position.site);
    case Position::State::exchange:
      return "waiting for their warp at " + line_of(position.site);
  }
  return "";
}

}  // namespace

cudaError_t submit_kernel(const cudaLaunchConfig_t& configuration, const std::type_info& kernel,
                          std::function<void()> thread, const std::vector<const void*>& pointers) {
  return api_call("cudaLaunchKernelExC", [&](Runtime& device) {
    if (!fits(configuration)) return cudaErrorInvalidConfiguration;
    if (device.settings.major * 10 + device.settings.minor < 75) return cudaErrorNoKernelImageForDevice;
    const std::string name = kernel_name(kernel);
    if (configuration.dynamicSmemBytes != 0) misuse(name + " asks for dynamic shared memory");
    for (std::size_t i = 0; i < pointers.size(); ++i)
      if (pointers[i] && !device.memory.find(pointers[i]))
        misuse(name + ": pointer " + std::to_string(i + 1) + " of its arguments is neither device nor pinned memory");
    const Launch launch{.grid = configuration.gridDim, .block = configuration.blockDim, .thread = std::move(thread)};
    return submit(configuration.stream,
                  {.kind = WorkKind::kernel, .name = name, .run = [launch] { run_launch(launch); }});
  });
}

void enter_launch(const Launch& launch) {
  gridDim = launch.grid;
  blockDim = launch.block;
}

void enter_block(const Launch& launch, unsigned block) {
  blockIdx = {block % launch.grid.x, block / launch.grid.x % launch.grid.y, block / launch.grid.x / launch.grid.y};
}

void enter_thread(const Launch& launch, unsigned thread) {
  if (launch.block.y == 1 && launch.block.z == 1)
    threadIdx = {thread, 0, 0};
  else
    threadIdx = {thread % launch.block.x, thread / launch.block.x % launch.block.y,
                 thread / launch.block.x / launch.block.y};
}

std::string describe_divergence(const std::vector<Position>& positions) {
  std::vector<std::pair<std::string, std::size_t>> places;
  for (const Position& position : positions) {
    const std::string name = place(position);
    const auto known =
        std::find_if(places.begin(), places.end(), [&](const auto& entry) { return entry.first == name; });
    if (known == places.end())
      places.emplace_back(name, 1);
    else
      ++known->second;
  }
  std::string text = "the threads of a block part at a barrier or shuffle: ";
  for (std::size_t i = 0; i < places.size(); ++i)
    text += (i == 0 ? "" : ", ") + std::to_string(places[i].second) + " " + places[i].first;
  return text;
}

// Not by memset, which the address sanitizer would stop at its red zones between the variables.
__attribute__((no_sanitize("address", "thread"))) void poison_shared_memory() {
  volatile std::byte* byte = __start_nib_cuda_shared;
  for (; __stop_nib_cuda_shared - byte >= 8; byte += 8)
    *reinterpret_cast<volatile std::uint64_t*>(byte) = ~std::uint64_t{0};
  for (; byte != __stop_nib_cuda_shared; ++byte) *byte = std::byte{0xff};
}

void block_barrier(const Site& site) { team().barrier(site); }

const std::uint64_t* warp_exchange(unsigned mask, std::uint64_t value, const Site& site) {
  Team& block = team();
  if (mask != 0xffffffffu) misuse("a shuffle without the whole warp in its mask at " + line_of(site));
  if (block.thread() / 32 * 32 + 32 > block.threads())
    misuse("a shuffle in a warp of less than 32 threads at " + line_of(site));
  return block.exchange(value, site);
}

unsigned lane() { return team().thread() % 32; }

int block_sum(int value, const Site& site) {
  static std::atomic<int> sum;
  if (team().thread() == 0) sum.store(0, std::memory_order_relaxed);
  block_barrier(site);
  sum.fetch_add(value, std::memory_order_relaxed);
  block_barrier(site);
  const int result = sum.load(std::memory_order_relaxed);
  block_barrier(site);
  return result;
}

void memory_fence() {
  // The thread sanitizer knows no fences; it runs blocks one after the other.
  if constexpr (!sanitizers::thread) std::atomic_thread_fence(std::memory_order_seq_cst);
}

}  // namespace nib::cuda_on_host
