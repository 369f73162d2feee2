#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/file_descriptor.h"

namespace nib {

struct ChildLimits {
  std::uint64_t memory = std::uint64_t{512} << 20;  ///< bytes, besides what this process has; none under sanitizers
  unsigned seconds = 5;                             ///< of processor time; four times as many by the clock
  std::uint64_t output = std::uint64_t{1} << 30;    ///< bytes that it may hand back
};

struct ChildOutcome {
  std::vector<std::uint8_t> output;
  std::string failure;  ///< empty where it ended well; else "killed by signal 11", "took longer than 5 s" ...
};

/// Does work that may crash, hang or be taken over in a process of its own: a copy of this one that can open no file,
/// write to none and leave no core dump, has no standard streams, and goes when this one goes. `work` writes what it
/// finds to the descriptor, and must not count on other threads: they are not there. What it throws counts as a crash.
/// Throws Error (io) where no process can be started.
ChildOutcome run_in_limited_child(const ChildLimits& limits, const std::function<void(int output)>& work);

}  // namespace nib
