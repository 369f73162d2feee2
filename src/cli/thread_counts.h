#pragma once

#include <vector>

#include "cli/command_line.h"

namespace nib {

/// --threads 1,2,4: one number of threads or several with commas between them, in the order given; left as it is
/// without it.
void add_thread_counts_option(Command command, std::vector<unsigned>& counts);

}  // namespace nib
