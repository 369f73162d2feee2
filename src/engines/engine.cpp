// The one place that knows which engines exist.

#include "nib/engine.h"

#include "base/error.h"
#include "base/text.h"
#include "engines/cpu/cpu_engine.h"

namespace nib {
namespace {

bool names_cuda(const std::string& device) {
  return device == "cuda" || (device.starts_with("cuda:") && parse_unsigned(device.substr(5)));
}

/// Why no CUDA engine can be made. There is none yet: it will be a module that this function finds and loads.
Error cuda_unavailable() {
  return device_error({.file = "--device cuda",
                       .problem = "this build of nib has no CUDA engine",
                       .hint = "use --device cpu, or --device auto to take the best device there is"});
}

}  // namespace

std::unique_ptr<Engine> make_engine(const std::string& device, const EngineOptions& options, std::string& note) {
  if (names_cuda(device)) throw cuda_unavailable();
  if (device != "cpu" && device != "auto")
    throw usage_error({.file = "--device",
                       .problem = "no such device",
                       .expected = "auto, cpu, cuda or cuda:N",
                       .got = "\"" + printable(device) + "\""});
  if (options.precision == Precision::tf32)
    throw usage_error({.file = "--precision", .problem = "tf32 exists on NVIDIA GPUs only", .hint = "leave it out"});
  if (device == "auto") note = "running on the CPU: " + cuda_unavailable().problem().problem;
  return cpu::make_cpu_engine(options);
}

}  // namespace nib
