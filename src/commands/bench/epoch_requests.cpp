#include "commands/bench/epoch_requests.h"

#include <poll.h>
#include <unistd.h>

#include "base/signals.h"

namespace nib {
namespace {

/// A signal that comes just before poll() does is seen this much later.
constexpr int milliseconds_of_sleep = 1000;

/// One character; nothing is read ahead. False at the end of the input, or where it cannot be read.
bool next_character(char& character) {
  for (;;) {
    if (requested_stop() != 0) return false;
    pollfd ready{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    if (poll(&ready, 1, milliseconds_of_sleep) > 0) return read(STDIN_FILENO, &character, 1) == 1;
  }
}

}  // namespace

void EpochRequests::wait() {
  if (!wanted_) return;
  char character = 0;
  while (!ended_ && character != '\n') ended_ = !next_character(character);
}

}  // namespace nib
