#pragma once

#include <future>
#include <memory>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/signals.h"
#include "base/threads.h"

namespace nib {

/// Does jobs beside the caller's work, one behind the other in the order in which they came. Where the system refuses
/// the thread, a job is done at once, in begin(). Only the caller's threads get the signals that stop the program.
class Aside {
 public:
  /// What the job returns or throws comes out of the future.
  template <typename Job>
  std::future<std::invoke_result_t<Job>> begin(Job job) {
    const auto task = std::make_shared<std::packaged_task<std::invoke_result_t<Job>()>>(std::move(job));
    std::future<std::invoke_result_t<Job>> result = task->get_future();
    if (!begin_thread([task, before = std::exchange(thread_, {})]() mutable {
          before.clear();  // waits for it
          (*task)();
        }))
      (*task)();
    return result;
  }

  /// Until all jobs have ended.
  void wait() { thread_.clear(); }

 private:
  template <typename Work>
  bool begin_thread(Work work) {
    const SignalsHeld held;  // the thread inherits it
    return add_thread(thread_, std::move(work));
  }

  std::vector<std::jthread> thread_;  ///< the last job's or, where there is none, none
};

}  // namespace nib
