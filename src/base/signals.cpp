#include "base/signals.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <string_view>

#include "base/file_system.h"
#include "base/last_acts.h"

namespace nib {
namespace {

std::atomic<int> first_signal{0};
std::atomic<bool> is_ending{false};
std::atomic<bool> slurm_started_it{false};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may touch lock-free atomics only");

/// Without waiting for a terminal or a reader that stands still.
void write_last_line() {
  constexpr std::string_view line = "nib: stopped at once by a second signal: what was not saved by then is lost\n";
  pollfd ready{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
  if (::poll(&ready, 1, 0) == 1) file_system().write(STDERR_FILENO, line.data(), line.size());
}

/// A later signal does not disturb the last acts.
void end_at_once(int signal_number, bool with_line) {
  if (is_ending.exchange(true)) return;
  perform_last_acts();
  if (with_line) write_last_line();
  _exit(128 + signal_number);
}

extern "C" void ask_for_stop(int signal_number) {
  const int error = errno;
  int none = 0;
  // A program that does not get to its stopping point must still end when asked again.
  const bool is_repeated = !first_signal.compare_exchange_strong(none, signal_number);
  if (is_repeated && !(slurm_started_it && signal_number == SIGTERM)) end_at_once(signal_number, true);
  errno = error;
}

extern "C" void end_without_asking(int signal_number) {
  const int error = errno;
  end_at_once(signal_number, false);
  errno = error;
}

void handle(int signal_number, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;  // the first signal must not break the read or write it arrives in
  sigfillset(&action.sa_mask);
  sigaction(signal_number, &action, nullptr);
}

bool is_ignored(int signal_number) {
  struct sigaction action = {};
  sigaction(signal_number, nullptr, &action);
  return action.sa_handler == SIG_IGN;
}

void handle_stops(void (*handler)(int)) {
  handle(SIGINT, handler);
  handle(SIGTERM, handler);
  if (!is_ignored(SIGHUP)) handle(SIGHUP, handler);  // nohup means that the terminal may go
}

}  // namespace

bool is_under_slurm() { return slurm_started_it; }

void install_signal_handlers() {
  const char* const job = std::getenv("SLURM_JOB_ID");
  slurm_started_it = job != nullptr && *job != '\0';
  handle_stops(ask_for_stop);
  handle(SIGPIPE, SIG_IGN);
}

void end_cleanly_on_signals() { handle_stops(end_without_asking); }

void ignore_stops() { handle_stops(SIG_IGN); }

SignalsHeld::SignalsHeld() {
  sigset_t stops;
  sigemptyset(&stops);
  for (const int signal_number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&stops, signal_number);
  pthread_sigmask(SIG_BLOCK, &stops, &before_);
}

SignalsHeld::~SignalsHeld() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

int requested_stop() { return first_signal.load(); }

void request_stop(int signal_number) {
  int none = 0;
  first_signal.compare_exchange_strong(none, signal_number);
}

}  // namespace nib
