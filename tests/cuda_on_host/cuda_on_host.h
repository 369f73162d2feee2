#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

/// A stand-in of the CUDA runtime that runs kernels and streams on the host, as far as nib uses them. What real CUDA
/// leaves to chance is drawn from a seed here: the order of blocks and threads, and of streams that do not wait for
/// each other. This header is how tests control it.
namespace nib::cuda_on_host {

/// The tested code uses CUDA in a way that is wrong, or that CUDA does not define.
class Misuse : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// A fresh device with the settings below as they are at the start, but the same seed, whose draws begin anew. Throws
/// Misuse when memory, streams, events or graphs are left over; they are gone all the same.
void reset();

/// The seed is 1 at the start, or what the environment variable NIB_CUDA_SEED says.
void set_seed(std::uint64_t seed);
std::uint64_t seed();

/// Work put into streams or captured since reset(). A graph's nodes count when captured, its launches by themselves.
struct Counts {
  std::uint64_t kernels = 0, copies = 0, memsets = 0, library_calls = 0;
  std::uint64_t graph_launches = 0;
  std::uint64_t branch_nodes = 0;  ///< of a graph: captured in another stream than the one that the capture began in
  std::uint64_t host_waits = 0;    ///< calls in which the host waits for the device; queries do not
};
Counts counts();

/// What the capture that ended last put into its graph.
Counts last_graph();

/// The nth call from now on (1 is the next) of the function named returns `code` and does nothing else. From then on
/// a sticky error is what every call returns, as after an illegal address; only owners can still give back what they
/// hold. Launches are calls of "cudaLaunchKernelExC".
void fail_call(const std::string& function, unsigned nth, int code, bool sticky = false);

/// Starts with 16 GiB. The memory is the machine's own: only what is allocated is there.
void set_memory(std::size_t total_bytes);
/// Starts with 1.
void set_devices(int count);
/// Starts with 13000; 0 stands for a machine without a driver.
void set_driver_version(int version);
/// Starts with 9.0. Kernels exist for 7.5 and later.
void set_compute_capability(int major, int minor);

/// How the threads of a block run: by turns on one host thread, or each on a host thread of its own, so that a
/// thread sanitizer sees their races; that only in launches of at most 10 blocks. The start is `host_threads` in a
/// build with that sanitizer, else `by_turns`.
enum class BlockThreads { by_turns, host_threads };
void set_block_threads(BlockThreads mode);

}  // namespace nib::cuda_on_host
