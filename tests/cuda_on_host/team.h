#pragma once

#include <cuda_runtime.h>

#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cuda_on_host/random.h"

namespace nib::cuda_on_host {

/// One launch of a kernel.
struct Launch {
  dim3 grid, block;
  std::function<void()> thread;
  Order order = Order::ascending;  ///< of blocks, and of threads within a block

  unsigned threads() const { return block.x * block.y * block.z; }
  std::size_t blocks() const { return std::size_t{grid.x} * grid.y * grid.z; }
};

/// Sets threadIdx and its like, on this host thread.
void enter_launch(const Launch& launch);
void enter_block(const Launch& launch, unsigned block);
void enter_thread(const Launch& launch, unsigned thread);

/// Where a thread of a block stands.
struct Position {
  enum class State { before, running, barrier, exchange, ended };
  State state = State::before;
  Site site = Site();
};

/// Says which threads wait where while others never come.
std::string describe_divergence(const std::vector<Position>& positions);

/// What the threads of a block do together.
class Team {
 public:
  virtual ~Team() = default;
  virtual void barrier(const Site& site) = 0;
  /// See warp_exchange(); mask and warp are whole already.
  virtual const std::uint64_t* exchange(std::uint64_t value, const Site& site) = 0;
  virtual unsigned thread() const = 0;
  virtual unsigned threads() const = 0;
};

/// The slots through which a warp's lanes exchange values: two sets by turns, as a lane may be at its next exchange
/// before another has read what the last one brought.
struct WarpSlots {
  std::uint64_t values[2][32] = {};
};

/// The team of the thread that runs on this host thread, if any.
extern thread_local Team* current_team;

void run_by_turns(const Launch& launch, Random& random);
void run_on_host_threads(const Launch& launch, Random& random);

/// Fills the shared memory of all kernels with bytes of 0xff: NaNs.
void poison_shared_memory();

}  // namespace nib::cuda_on_host
