#pragma once

#include <optional>
#include <string>

#include "machine/control_groups.h"

namespace nib {

/// The cores that this process may use, at least 1: those of its affinity mask, and no more than the CPU quota of its
/// control groups (rounded up) allows.
unsigned usable_cores();

/// Those of the affinity mask by their numbers, "0 1 5": processes that have the same list share these cores.
std::string core_list();

/// The CPU quota of the control groups in cores, the tightest from the process's own group up to the root, or nullopt
/// without one.
std::optional<double> quota_cores(const ControlGroups& groups);

}  // namespace nib
