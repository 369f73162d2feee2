#pragma once

namespace nib {

/// From now on the first SIGINT, SIGTERM or SIGHUP only asks the program to stop (see requested_stop()); the second
/// ends it at once. SIGPIPE is ignored, so that a lost reader shows as a failed write.
void install_signal_handlers();

/// The signal that asked for a stop, or 0.
int requested_stop();

}  // namespace nib
