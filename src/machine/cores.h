#pragma once

#include <filesystem>
#include <optional>

namespace nib {

/// The cores that this process may use, at least 1: those of its affinity mask, and no more than the CPU quota of its
/// control groups (rounded up) allows.
unsigned usable_cores();

/// The CPU quota of the control groups (version 1 and 2) in cores, the tightest from the process's own group up to the
/// root, or nullopt without one. `membership` is the text of /proc/self/cgroup as a file, `mount` is /sys/fs/cgroup.
std::optional<double> quota_cores(const std::filesystem::path& membership, const std::filesystem::path& mount);

}  // namespace nib
