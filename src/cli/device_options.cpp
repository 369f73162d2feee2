#include "cli/device_options.h"

#include "cli/options.h"
#include "machine/cores.h"

namespace nib {

void add_device_options(Command command, DeviceChoice& choice) {
  static const unsigned cores = usable_cores();  // asked of the system once, not once a command
  choice.threads = cores;
  add_device_option(command, choice.device);
  add_threads_option(command, choice.threads);
}

void add_training_device_options(Command command, DeviceChoice& choice) {
  add_precision_option(command, choice.precision);
  add_kernels_option(command, choice.kernels);
  add_switch(command, "--stream", choice.stream, "CUDA devices: stream the images from the host");
  add_switch(command, "--fast", choice.fast, "CUDA devices: also algorithms whose results may differ from run to run");
}

}  // namespace nib
