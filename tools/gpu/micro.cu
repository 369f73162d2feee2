// gpu_micro: what the small parts of a training step cost on this GPU, as JSON on standard output. Later choices (how
// many kernels a step may have, whether to keep the data resident, what start-up may load) rest on these figures.
//
//   gpu_micro context                a fresh process's way to a CUDA context
//   gpu_micro library FILE FUNCTION  loading a library, and its handle: FUNCTION is cudnnCreate or cublasCreate_v2
//   gpu_micro device                 the device, kernel launches, graph nodes, the grid's barrier, pinned copies
//   gpu_micro products FILE          the digits network's dense products by cuBLAS's FILE, in three arithmetics
//
// The first two measure something that a process does once: whoever wants a median starts them several times. Exit
// code 5 when there is no CUDA device.

#include <cooperative_groups.h>
#include <cuda_runtime.h>
#include <dlfcn.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "products.h"
#include "timing.h"

namespace micro {
namespace {

constexpr int launches = 1000;
constexpr int barrier_blocks = 128;
constexpr int barrier_threads = 256;

__global__ void nothing() {}

__global__ void barriers(int count) {
  const cooperative_groups::grid_group grid = cooperative_groups::this_grid();
  for (int i = 0; i < count; ++i) grid.sync();
}

/// Microseconds a launch, when a thousand go out one behind the other: what the host spends on the calls, and the time
/// until the last kernel has ended.
void print_launches(cudaStream_t stream) {
  std::vector<double> calls, ends;
  for (int repetition = 0; repetition <= repetitions / 4; ++repetition) {
    CHECK(cudaStreamSynchronize(stream));
    const Clock::time_point begin = Clock::now();
    for (int i = 0; i < launches; ++i) nothing<<<1, 32, 0, stream>>>();
    const double called = microseconds_since(begin);
    CHECK(cudaStreamSynchronize(stream));
    const double ended = microseconds_since(begin);
    if (repetition == 0) continue;  // the first one loads the kernel
    calls.push_back(called / launches);
    ends.push_back(ended / launches);
  }
  CHECK(cudaGetLastError());
  std::printf("  \"launch\": {\"launches\": %d, \"call_us\": %s, \"end_to_end_us\": %s},\n", launches,
              json(spread(calls)).c_str(), json(spread(ends)).c_str());
}

cudaGraphExec_t chain(int nodes, cudaStream_t stream) {
  cudaGraph_t graph = nullptr;
  CHECK(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal));
  for (int i = 0; i < nodes; ++i) nothing<<<1, 32, 0, stream>>>();
  CHECK(cudaStreamEndCapture(stream, &graph));
  cudaGraphExec_t executable = nullptr;
  CHECK(cudaGraphInstantiate(&executable, graph, 0));
  CHECK(cudaGraphDestroy(graph));
  CHECK(cudaGraphUpload(executable, stream));
  return executable;
}

/// The cost of one more node in a chain of empty kernels: the slope of a straight line (least squares) through the
/// medians over the lengths of the chain.
void print_graph(cudaStream_t stream) {
  StreamTimer timer(stream);
  double points = 0, sum_x = 0, sum_y = 0, sum_xx = 0, sum_xy = 0;
  std::printf("  \"graph_chain\": {\"launch_us\": {");
  for (int nodes = 1; nodes <= 512; nodes *= 2) {
    cudaGraphExec_t executable = chain(nodes, stream);
    const Spread time = timer.repeated([&] { CHECK(cudaGraphLaunch(executable, stream)); });
    CHECK(cudaGraphExecDestroy(executable));
    std::printf("%s\"%d\": %s", nodes == 1 ? "" : ", ", nodes, json(time).c_str());
    const double x = nodes, y = time.median;
    points += 1;
    sum_x += x;
    sum_y += y;
    sum_xx += x * x;
    sum_xy += x * y;
  }
  const double slope = (points * sum_xy - sum_x * sum_y) / (points * sum_xx - sum_x * sum_x);
  std::printf("}, \"node_us\": %.4f, \"constant_us\": %.4f},\n", slope, (sum_y - slope * sum_x) / points);
}

/// Microseconds that a barrier over all blocks of a running kernel takes: two lengths are run in turn, and the
/// difference of a pair leaves the launch out.
void print_barrier(int device, cudaStream_t stream) {
  int cooperative = 0, processors = 0, blocks_a_processor = 0;
  CHECK(cudaDeviceGetAttribute(&cooperative, cudaDevAttrCooperativeLaunch, device));
  CHECK(cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, device));
  CHECK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks_a_processor, barriers, barrier_threads, 0));
  if (cooperative == 0 || processors * blocks_a_processor < barrier_blocks) {
    std::printf("  \"grid_barrier\": null,\n");
    return;
  }
  constexpr int few = 100, many = 1100;
  StreamTimer timer(stream);
  const auto run = [&](int count) {
    void* arguments[] = {&count};
    return timer.microseconds([&] {
      CHECK(cudaLaunchCooperativeKernel(barriers, dim3(barrier_blocks), dim3(barrier_threads), arguments, 0, stream));
    });
  };
  run(few);
  std::vector<double> differences(repetitions / 2);
  for (double& difference : differences) {
    const double shorter = run(few);
    difference = (run(many) - shorter) / (many - few);
  }
  std::printf("  \"grid_barrier\": {\"blocks\": %d, \"threads\": %d, \"barrier_us\": %s},\n", barrier_blocks,
              barrier_threads, json(spread(differences)).c_str());
}

/// Single copies of one batch of 128 images and of sixteen, out of and into pinned memory that is not all zeros.
void print_copies(cudaStream_t stream) {
  constexpr std::size_t batch = 128 * 28 * 28, most = 16 * batch;
  std::uint8_t *host = nullptr, *device = nullptr;
  CHECK(cudaMallocHost(&host, most));
  CHECK(cudaMalloc(&device, most));
  for (std::size_t i = 0; i < most; ++i) host[i] = static_cast<std::uint8_t>(i * 2654435761U >> 13);
  StreamTimer timer(stream);
  std::printf("  \"pinned_copy\": [");
  for (const std::size_t bytes : {batch, most}) {
    const Spread down =
        timer.repeated([&] { CHECK(cudaMemcpyAsync(device, host, bytes, cudaMemcpyHostToDevice, stream)); });
    const Spread up =
        timer.repeated([&] { CHECK(cudaMemcpyAsync(host, device, bytes, cudaMemcpyDeviceToHost, stream)); });
    std::printf("%s{\"bytes\": %zu, \"to_device_us\": %s, \"to_host_us\": %s}", bytes == batch ? "" : ", ", bytes,
                json(down).c_str(), json(up).c_str());
  }
  std::printf("]\n");
  CHECK(cudaFree(device));
  CHECK(cudaFreeHost(host));
}

void print_properties(int device) {
  cudaDeviceProp properties{};
  CHECK(cudaGetDeviceProperties(&properties, device));
  int driver = 0, runtime = 0;
  CHECK(cudaDriverGetVersion(&driver));
  CHECK(cudaRuntimeGetVersion(&runtime));
  std::printf("  \"properties\": {\"name\": \"%s\", \"compute_capability\": \"%d.%d\", \"multiprocessors\": %d, ",
              properties.name, properties.major, properties.minor, properties.multiProcessorCount);
  std::printf("\"memory_bytes\": %zu, \"l2_bytes\": %d, \"shared_memory_a_block_bytes\": %zu, ",
              properties.totalGlobalMem, properties.l2CacheSize, properties.sharedMemPerBlockOptin);
  std::printf("\"driver_api\": \"%d.%d\", \"runtime\": \"%d.%d\"},\n", driver / 1000, driver % 1000 / 10,
              runtime / 1000, runtime % 1000 / 10);
}

int device_costs() {
  int device = 0;
  CHECK(cudaGetDevice(&device));
  cudaStream_t stream = nullptr;
  CHECK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
  std::printf("{\n");
  print_properties(device);
  print_launches(stream);
  print_graph(stream);
  print_barrier(device, stream);
  print_copies(stream);
  std::printf("}\n");
  CHECK(cudaStreamDestroy(stream));
  return 0;
}

double context_microseconds() {
  const Clock::time_point begin = Clock::now();
  CHECK(cudaFree(nullptr));
  return microseconds_since(begin);
}

int context_costs() {
  const Clock::time_point begin = Clock::now();
  int devices = 0;
  CHECK(cudaGetDeviceCount(&devices));
  const double driver = microseconds_since(begin);
  std::printf("{\"driver_us\": %.1f, \"context_us\": %.1f}\n", driver, context_microseconds());
  return 0;
}

/// Both libraries make a handle by a function of this form, in which 0 means success.
using MakeHandle = int (*)(void** handle);

int library_costs(const char* file, const char* function) {
  Clock::time_point begin = Clock::now();
  void* library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  const double load = microseconds_since(begin);
  if (library == nullptr) {
    std::fprintf(stderr, "gpu_micro: %s\n", dlerror());
    return 1;
  }
  const auto make = reinterpret_cast<MakeHandle>(dlsym(library, function));
  if (make == nullptr) {
    std::fprintf(stderr, "gpu_micro: %s\n", dlerror());
    return 1;
  }
  const double context = context_microseconds();
  void* handle = nullptr;
  begin = Clock::now();
  const int status = make(&handle);
  const double create = microseconds_since(begin);
  if (status != 0) {
    std::fprintf(stderr, "gpu_micro: %s of %s returned %d\n", function, file, status);
    return 1;
  }
  std::printf("{\"load_us\": %.1f, \"context_us\": %.1f, \"create_us\": %.1f}\n", load, context, create);
  return 0;
}

}  // namespace
}  // namespace micro

int main(int count, char** words) {
  const std::string part = count > 1 ? words[1] : "";
  if (part == "context" && count == 2) return micro::context_costs();
  if (part == "library" && count == 4) return micro::library_costs(words[2], words[3]);
  if (part == "device" && count == 2) return micro::device_costs();
  if (part == "products" && count == 3) return micro::product_costs(words[2]);
  std::fprintf(stderr, "usage: gpu_micro context | library FILE FUNCTION | device | products FILE\n");
  return 2;
}
