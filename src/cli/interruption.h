#pragma once

#include <string>

#include "cli/streams.h"

namespace nib {

/// The signal that asked for a stop, as "SIGINT".
std::string stop_name();

/// The end of a command that a signal asked to stop: one line on standard error, `what_is_left` in it, and the exit
/// code.
int end_after_signal(const std::string& what_is_left, Streams& streams);

}  // namespace nib
