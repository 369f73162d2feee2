#pragma once

#include "cli/command_line.h"

namespace nib {

/// Each adds one command with its options to nib data.
void add_data_describe_command(Command data);
void add_data_convert_command(Command data);
void add_data_fetch_command(Command data);

}  // namespace nib
