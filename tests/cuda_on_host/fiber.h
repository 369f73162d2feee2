#pragma once

#include <cstddef>
#include <exception>
#include <functional>

#include "cuda_on_host/sanitizers.h"

namespace nib::cuda_on_host {

/// Where a stack's run was left off.
struct Context {
  void* state = nullptr;  ///< the stack pointer, or what the portable form keeps
};

/// A stack of its own, on which a function runs by turns with its starter, on one host thread. Switching costs a few
/// nanoseconds on x86-64, where it is done by hand: the portable form calls the system each time.
class Fiber {
 public:
  Fiber();
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  /// Runs `function` until it leaves or returns; it must not throw. A fiber may start again when its function has
  /// returned.
  void start(std::function<void()> function);
  /// Goes on behind the function's leave().
  void resume();
  /// In the function: back to who started or resumed it.
  void leave();

 private:
  static void run();
  void enter();
  void exit(bool for_good);

  std::byte* stack_ = nullptr;
  Context inside_, outside_;
  sanitizers::StackRecord inside_record_, outside_record_;
  std::function<void()> function_;
};

}  // namespace nib::cuda_on_host
