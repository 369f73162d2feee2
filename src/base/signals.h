#pragma once

#include <signal.h>

namespace nib {

/// From now on the first SIGINT, SIGTERM or SIGHUP only asks the program to stop (see requested_stop()); the second
/// ends it at once, after perform_last_acts() and one line on standard error. SIGPIPE is ignored, so that a lost reader
/// shows as a failed write. In a job of Slurm a second SIGTERM does nothing: at the end of its time each process of a
/// step gets two, and what does not stop is killed later.
void install_signal_handlers();

/// Whether this is a job of Slurm, as install_signal_handlers() has seen.
bool is_under_slurm();

/// For what has no stopping points: already the first of these signals ends the program, after perform_last_acts().
void end_cleanly_on_signals();

/// From now on none of these signals does anything: the program is at its end.
void ignore_stops();

/// While this lives the calling thread gets none of these signals; what came meanwhile comes in the end.
class SignalsHeld {
 public:
  SignalsHeld();
  ~SignalsHeld();
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;

  /// The thread's signals as they were, for calls that let them come while they wait.
  const sigset_t& before() const { return before_; }

 private:
  sigset_t before_{};
};

/// The signal that asked for a stop, or 0.
int requested_stop();
/// As if this signal had come, where none has yet: another process of the same work got it.
void request_stop(int signal_number);

}  // namespace nib
