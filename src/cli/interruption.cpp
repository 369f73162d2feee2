#include "cli/interruption.h"

#include <fmt/core.h>

#include <csignal>
#include <cstring>

#include "base/signals.h"

namespace nib {

std::string stop_name() {
  const int signal = requested_stop();
  const char* const name = sigabbrev_np(signal);
  return "SIG" + (name != nullptr ? name : std::to_string(signal));
}

int end_after_signal(const std::string& what_is_left, Streams& streams) {
  streams.notice(fmt::format("stopped by {}: {}", stop_name(), what_is_left));
  return 128 + requested_stop();
}

}  // namespace nib
