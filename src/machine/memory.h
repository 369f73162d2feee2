#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "machine/control_groups.h"

namespace nib {

/// Bytes that this process may still take before the system refuses them or ends it: the least of what the machine has
/// left, of what its control groups (containers) leave and of its own limit on addresses (`ulimit -v`). Memory in which
/// the system keeps files that it can read again counts as free. nullopt where the system tells nothing.
std::optional<std::uint64_t> free_memory();

/// Its parts. `memory` is /proc/meminfo; swap counts.
std::optional<std::uint64_t> free_memory_of_machine(const std::filesystem::path& memory);
std::optional<std::uint64_t> free_memory_of_groups(const ControlGroups& groups);

}  // namespace nib
