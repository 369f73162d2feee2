#pragma once

#include <cstddef>
#include <functional>
#include <new>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace nib {

/// Adds a thread that runs `work`, which must not throw. False where there can be none: the system refuses it (a limit
/// on processes, as `ulimit -u` and containers set it, or on memory) or memory is used up. Then nothing has changed,
/// and the caller does the work itself.
template <typename Work>
bool add_thread(std::vector<std::jthread>& threads, Work work) {
  try {
    threads.emplace_back(std::move(work));
    return true;
  } catch (const std::system_error&) {
    return false;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

/// Calls work(0) to work(count - 1) side by side: a thread for each but the first, as far as there are threads, the
/// rest on the caller's. Returns when all have ended, and throws on what the first of them threw.
void run_side_by_side(std::size_t count, const std::function<void(std::size_t)>& work);

}  // namespace nib
