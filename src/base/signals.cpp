#include "base/signals.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>

namespace nib {
namespace {

std::atomic<int> first_signal{0};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may touch lock-free atomics only");

extern "C" void ask_for_stop(int signal_number) {
  int none = 0;
  if (first_signal.compare_exchange_strong(none, signal_number)) return;
  // A program that does not get to its stopping point must still end when asked again.
  _exit(128 + signal_number);
}

void handle(int signal_number, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;  // the first signal must not break the read or write it arrives in
  sigemptyset(&action.sa_mask);
  sigaction(signal_number, &action, nullptr);
}

bool is_ignored(int signal_number) {
  struct sigaction action = {};
  sigaction(signal_number, nullptr, &action);
  return action.sa_handler == SIG_IGN;
}

}  // namespace

void install_signal_handlers() {
  handle(SIGINT, ask_for_stop);
  handle(SIGTERM, ask_for_stop);
  if (!is_ignored(SIGHUP)) handle(SIGHUP, ask_for_stop);  // nohup means that the terminal may go
  handle(SIGPIPE, SIG_IGN);
}

int requested_stop() { return first_signal.load(); }

}  // namespace nib
