#include "cli/interruption.h"

#include <fmt/core.h>

#include <csignal>
#include <cstring>

#include "base/signals.h"

namespace nib {

int end_after_signal(const std::string& what_is_left, Streams& streams) {
  const int signal = requested_stop();
  const char* const name = sigabbrev_np(signal);
  streams.notice(fmt::format("stopped by SIG{}: {}", name ? name : std::to_string(signal).c_str(), what_is_left));
  return 128 + signal;
}

}  // namespace nib
