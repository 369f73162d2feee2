#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/watched_files.h"

namespace nib::test {

/// How a training run in a child process ended.
struct ChildEnding {
  int code = 0;           ///< 128 + n where signal n killed it
  std::string errors{};   ///< its standard error
  std::size_t calls = 0;  ///< of its file system
  std::chrono::microseconds time{};
};

/// The training command in a child process of this program, with a file system of its own that tells of each call by
/// its number, before and after it. Nothing is synced.
class TrainChild {
 public:
  std::function<int(std::size_t call, Call which)> before = [](std::size_t, Call) { return 0; };
  std::function<void(std::size_t call)> after = [](std::size_t) {};
  /// Signals that the child gets, each so long after the one before it.
  std::vector<std::pair<std::chrono::microseconds, int>> signals{};

  /// Works in `folder`; without `--quiet` nothing else is different from the program.
  ChildEnding run(const std::filesystem::path& folder, const std::vector<std::string>& arguments) const;
};

}  // namespace nib::test
