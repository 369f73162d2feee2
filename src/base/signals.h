#pragma once

namespace nib {

/// From now on the first SIGINT, SIGTERM or SIGHUP only asks the program to stop (see requested_stop()); the second
/// ends it at once, after perform_last_acts() and one line on standard error. SIGPIPE is ignored, so that a lost reader
/// shows as a failed write.
void install_signal_handlers();

/// For what has no stopping points: already the first of these signals ends the program, after perform_last_acts().
void end_cleanly_on_signals();

/// The signal that asked for a stop, or 0.
int requested_stop();

}  // namespace nib
