#include <algorithm>
#include <deque>
#include <memory>

#include "cuda_on_host/fiber.h"
#include "cuda_on_host/stream_work.h"
#include "cuda_on_host/team.h"

namespace nib::cuda_on_host {
namespace {

/// Thrown through a waiting thread's frames when its block has failed.
struct Cancelled {};

/// Runs the threads of a block on fibers. A fiber runs one thread after the other, as a plain loop would, until one has
/// to wait: that thread keeps the fiber, and another fiber goes on with the threads that are left.
class FiberTeam final : public Team {
 public:
  FiberTeam(const Launch& launch, Random& random)
      : launch_(launch),
        random_(random),
        positions_(launch.threads()),
        homes_(launch.threads()),
        warps_((launch.threads() + 31) / 32) {
    enter_launch(launch);
  }

  void run_block(unsigned block) {
    poison_shared_memory();
    enter_block(launch_, block);
    order_ = ordered(positions_.size(), launch_.order, random_);
    std::fill(positions_.begin(), positions_.end(), Position());
    std::fill(warps_.begin(), warps_.end(), Warp());
    next_ = ended_ = at_barrier_ = 0;
    current_team = this;
    while (ended_ < positions_.size() && !failure_) go_on();
    if (failure_) cancel();
    current_team = nullptr;
    if (failure_) std::rethrow_exception(failure_);
  }

  void barrier(const Site& site) override {
    positions_[current_] = {Position::State::barrier, site};
    if (++at_barrier_ == positions_.size()) {
      at_barrier_ = 0;
      const auto elsewhere = [&](const Position& position) {
        return position.site.line() != site.line() || position.site.column() != site.column();
      };
      if (std::any_of(positions_.begin(), positions_.end(), elsewhere)) misuse(describe_divergence(positions_));
      for (const unsigned thread : order_)
        if (thread != current_) ready_.push_back(thread);
      ready_.push_back(current_);
    }
    wait();
  }

  const std::uint64_t* exchange(std::uint64_t value, const Site& site) override {
    Warp& warp = warps_[current_ / 32];
    const unsigned turn = warp.turn;
    warp.slots.values[turn][current_ % 32] = value;
    positions_[current_] = {Position::State::exchange, site};
    if (++warp.arrived == 32) {
      warp.arrived = 0;
      warp.turn ^= 1u;
      for (const unsigned thread : order_)
        if (thread / 32 == current_ / 32) ready_.push_back(thread);
    }
    wait();
    return warp.slots.values[turn];
  }

  unsigned thread() const override { return current_; }
  unsigned threads() const override { return static_cast<unsigned>(positions_.size()); }

 private:
  struct Warp {
    WarpSlots slots{};
    unsigned arrived = 0, turn = 0;
  };

  /// Ascending order lets a released warp run ahead of threads that have not begun, descending order has it wait for
  /// them, random order draws.
  void go_on() {
    const bool can_start = next_ < order_.size();
    if (ready_.empty() && !can_start) {
      failure_ = misuse_of(describe_divergence(positions_));
    } else if (!ready_.empty() && (!can_start || launch_.order == Order::ascending ||
                                   (launch_.order == Order::random && random_.coin()))) {
      if (launch_.order == Order::random) std::swap(ready_.front(), ready_[random_.below(ready_.size())]);
      const unsigned thread = ready_.front();
      ready_.pop_front();
      resume(thread);
    } else {
      running_ = take_fiber();
      running_->start([this] { run_threads(); });
      put_away();
    }
  }

  void resume(unsigned thread) {
    running_ = std::move(homes_[thread]);
    current_ = thread;
    positions_[thread].state = Position::State::running;
    enter_thread(launch_, thread);
    running_->resume();
    put_away();
  }

  /// On a fiber.
  void run_threads() {
    try {
      while (next_ < order_.size()) {
        current_ = order_[next_++];
        positions_[current_].state = Position::State::running;
        enter_thread(launch_, current_);
        launch_.thread();
        positions_[current_].state = Position::State::ended;
        ++ended_;
      }
    } catch (const Cancelled&) {
    } catch (...) {
      failure_ = std::current_exception();
    }
  }

  /// On a fiber: until the scheduler resumes this thread.
  void wait() {
    waiting_ = current_;
    running_->leave();
    if (failure_) throw Cancelled();
  }

  /// Behind a fiber's run: it belongs to the thread that waits on it, or is free.
  void put_away() {
    if (waiting_) {
      homes_[*waiting_] = std::move(running_);
      waiting_.reset();
    } else {
      free_.push_back(std::move(running_));
    }
  }

  void cancel() {
    ready_.clear();
    next_ = order_.size();
    for (std::unique_ptr<Fiber>& home : homes_)
      if (home) {
        running_ = std::move(home);
        running_->resume();
        put_away();
      }
  }

  std::unique_ptr<Fiber> take_fiber() {
    if (free_.empty()) return std::make_unique<Fiber>();
    std::unique_ptr<Fiber> fiber = std::move(free_.back());
    free_.pop_back();
    return fiber;
  }

  static std::exception_ptr misuse_of(const std::string& text) {
    try {
      misuse(text);
    } catch (...) {
      return std::current_exception();
    }
  }

  /// Mapping a stack costs more than a small kernel does.
  static thread_local std::vector<std::unique_ptr<Fiber>> free_;

  const Launch& launch_;
  Random& random_;
  std::vector<unsigned> order_;
  std::size_t next_ = 0, ended_ = 0, at_barrier_ = 0;
  std::vector<Position> positions_;
  std::vector<std::unique_ptr<Fiber>> homes_;
  std::vector<Warp> warps_;
  std::deque<unsigned> ready_;
  std::unique_ptr<Fiber> running_;
  unsigned current_ = 0;
  std::optional<unsigned> waiting_;
  std::exception_ptr failure_;
};

thread_local std::vector<std::unique_ptr<Fiber>> FiberTeam::free_;

}  // namespace

void run_by_turns(const Launch& launch, Random& random) {
  FiberTeam team(launch, random);
  for (const unsigned block : ordered(launch.blocks(), launch.order, random)) team.run_block(block);
}

}  // namespace nib::cuda_on_host
