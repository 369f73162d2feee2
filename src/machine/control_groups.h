#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace nib {

/// Linux's control groups (version 1 and 2), by which containers are held to a part of the machine. `membership` is the
/// text of /proc/self/cgroup as a file, `mount` is /sys/fs/cgroup.
struct ControlGroups {
  std::filesystem::path membership = "/proc/self/cgroup", mount = "/sys/fs/cgroup";

  /// Where files of a controller ("cpu", "memory") may lie: the folders from the process's own group up to the root.
  /// Not all of them exist: a container sees its own group as the root.
  std::vector<std::filesystem::path> folders(std::string_view controller) const;
};

/// The words of a short file; none where it cannot be read.
std::vector<std::string> words_of(const std::filesystem::path& path);

}  // namespace nib
