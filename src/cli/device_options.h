#pragma once

#include "cli/command_line.h"
#include "inference/device.h"

namespace nib {

/// --device and --threads, with as many threads as this process may use cores where no number is given.
void add_device_options(Command command, DeviceChoice& choice);

/// --precision, --kernels, --stream and --fast.
void add_training_device_options(Command command, DeviceChoice& choice);

}  // namespace nib
