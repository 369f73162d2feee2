#include "base/threads.h"

#include <exception>

namespace nib {

void run_side_by_side(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::vector<std::exception_ptr> thrown(count);
  const auto run = [&](std::size_t index) noexcept {
    try {
      work(index);
    } catch (...) {
      thrown[index] = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> threads;
    std::size_t next = 1;
    while (next < count && add_thread(threads, [&run, next] { run(next); })) ++next;
    if (count > 0) run(0);
    for (; next < count; ++next) run(next);
  }
  for (const std::exception_ptr& one : thrown)
    if (one) std::rethrow_exception(one);
}

}  // namespace nib
