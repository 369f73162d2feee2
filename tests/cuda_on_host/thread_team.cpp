#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "cuda_on_host/stream_work.h"
#include "cuda_on_host/team.h"

namespace nib::cuda_on_host {
namespace {

/// Thrown in the waiting threads of a block that has failed.
struct Cancelled {};

/// What the host threads of a launch share: the places where they wait for each other. The block's end is one, too, so
/// that when all wait and no place is full, some wait for others who never come.
class Gates {
 public:
  Gates(unsigned threads, const std::function<void(std::size_t)>& begin_block)
      : begin_block_(begin_block), positions_(threads), warps_((threads + 31) / 32) {}

  void barrier(unsigned thread, const Site& site) {
    std::unique_lock lock(mutex_);
    positions_[thread] = {Position::State::barrier, site};
    const bool alike = std::all_of(positions_.begin(), positions_.end(), [&](const Position& position) {
      return position.state != Position::State::barrier || position.site.line() == site.line();
    });
    if (!alike) misuse(describe_divergence(positions_));
    arrive(lock, barrier_, 0, positions_.size());
  }

  const std::uint64_t* exchange(unsigned thread, std::uint64_t value, const Site& site) {
    std::unique_lock lock(mutex_);
    Warp& warp = warps_[thread / 32];
    const unsigned turn = warp.gate.passed % 2;
    positions_[thread] = {Position::State::exchange, site};
    warp.slots.values[turn][thread % 32] = value;
    arrive(lock, warp.gate, thread / 32 * 32, 32);
    return warp.slots.values[turn];
  }

  /// Before block number `block` of the launch's order, and behind the last one.
  void end_block(unsigned thread, std::size_t next_block) {
    std::unique_lock lock(mutex_);
    positions_[thread].state = Position::State::ended;
    if (end_.waiting + 1 == positions_.size()) begin_block_(next_block);
    arrive(lock, end_, 0, positions_.size());
  }

  void fail(std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::move(failure);
    open_all();
  }

  std::exception_ptr failure() const { return failure_; }

 private:
  struct Gate {
    std::condition_variable opened{};
    std::size_t waiting = 0;
    unsigned passed = 0;  ///< how often it has opened
  };
  struct Warp {
    Gate gate{};
    WarpSlots slots{};
  };

  /// At a gate of the threads from `first` on, `needed` of them. Who opens it says that all run again: others may still
  /// be asleep when the first is at its next gate.
  void arrive(std::unique_lock<std::mutex>& lock, Gate& gate, std::size_t first, std::size_t needed) {
    if (failure_) throw Cancelled();
    if (++gate.waiting == needed) {
      waiting_ -= gate.waiting - 1;
      gate.waiting = 0;
      ++gate.passed;
      for (std::size_t thread = first; thread < first + needed; ++thread)
        positions_[thread].state = Position::State::running;
      gate.opened.notify_all();
      return;
    }
    if (++waiting_ == positions_.size()) misuse(describe_divergence(positions_));
    const unsigned turn = gate.passed;
    gate.opened.wait(lock, [&] { return gate.passed != turn || failure_; });
    if (gate.passed == turn) throw Cancelled();
  }

  void open_all() {
    barrier_.opened.notify_all();
    end_.opened.notify_all();
    for (Warp& warp : warps_) warp.gate.opened.notify_all();
  }

  std::mutex mutex_;
  const std::function<void(std::size_t)>& begin_block_;
  std::vector<Position> positions_;
  std::vector<Warp> warps_;
  Gate barrier_, end_;
  std::size_t waiting_ = 0;  ///< threads at any gate
  std::exception_ptr failure_;
};

/// One host thread's part in the launch.
class ThreadTeam final : public Team {
 public:
  ThreadTeam(Gates& gates, unsigned thread, unsigned threads) : gates_(gates), thread_(thread), threads_(threads) {}

  void barrier(const Site& site) override { gates_.barrier(thread_, site); }
  const std::uint64_t* exchange(std::uint64_t value, const Site& site) override {
    return gates_.exchange(thread_, value, site);
  }
  unsigned thread() const override { return thread_; }
  unsigned threads() const override { return threads_; }

 private:
  Gates& gates_;
  unsigned thread_, threads_;
};

void run_thread(const Launch& launch, const std::vector<unsigned>& blocks, Gates& gates, unsigned thread) {
  ThreadTeam team(gates, thread, launch.threads());
  current_team = &team;
  try {
    enter_launch(launch);
    enter_thread(launch, thread);
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      gates.end_block(thread, i);
      enter_block(launch, blocks[i]);
      launch.thread();
    }
    gates.end_block(thread, blocks.size());
  } catch (const Cancelled&) {
  } catch (...) {
    gates.fail(std::current_exception());
  }
  current_team = nullptr;
}

}  // namespace

void run_on_host_threads(const Launch& launch, Random& random) {
  const std::vector<unsigned> blocks = ordered(launch.blocks(), launch.order, random);
  const std::function<void(std::size_t)> begin_block = [&](std::size_t next) {
    if (next < blocks.size()) poison_shared_memory();
  };
  Gates gates(launch.threads(), begin_block);
  std::vector<std::thread> threads;
  for (const unsigned thread : ordered(launch.threads(), launch.order, random))
    threads.emplace_back([&, thread] { run_thread(launch, blocks, gates, thread); });
  for (std::thread& thread : threads) thread.join();
  if (gates.failure()) std::rethrow_exception(gates.failure());
}

}  // namespace nib::cuda_on_host
