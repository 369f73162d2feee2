// The one place that knows which engines exist.

#include "nib/engine.h"

#include <optional>
#include <string_view>

#include "base/error.h"
#include "base/text.h"
#include "engines/cpu/cpu_engine.h"
#include "engines/device_name.h"
#include "engines/module/loader.h"

namespace nib {
namespace {

std::unique_ptr<Engine> make_cuda_engine(std::optional<unsigned> device, const EngineOptions& options,
                                         std::string& note) {
  if (options.communicator != nullptr && options.communicator->size() > 1)
    throw device_error({.file = "CUDA",
                        .problem = "several ranks cannot train together on GPUs yet",
                        .hint = "they can on the CPU: " + setting("device") + " cpu"});
  return cuda::load_cuda_engine(device, options, note);
}

/// CUDA where it works, else the CPU, and why.
std::unique_ptr<Engine> make_best_engine(const EngineOptions& options, std::string& note) {
  try {
    return make_cuda_engine(std::nullopt, options, note);
  } catch (const Error& error) {
    if (error.code() != ExitCode::device) throw;
    const bool wanted_tf32 = options.precision == Precision::tf32;
    const std::string why = name_settings(without_file(error), [](std::string_view name) { return std::string(name); });
    note = std::string("running on the CPU") + (wanted_tf32 ? " in FP32 instead of TF32: " : ": ") + why;
  }
  EngineOptions on_cpu = options;
  on_cpu.precision = Precision::fp32;
  return cpu::make_cpu_engine(on_cpu);
}

}  // namespace

std::unique_ptr<Engine> make_engine(const std::string& device, const EngineOptions& options, std::string& note) {
  const std::optional<DeviceName> name = parse_device_name(device);
  if (!name)
    throw usage_error({.setting = "device",
                       .problem = "no such device",
                       .expected = "auto, cpu, cuda or cuda:N",
                       .got = "\"" + printable(device) + "\""});
  if (name->kind == DeviceName::Kind::automatic) return make_best_engine(options, note);
  if (name->kind == DeviceName::Kind::cuda) return make_cuda_engine(name->number, options, note);
  if (options.precision == Precision::tf32)
    throw usage_error({.setting = "precision", .problem = "tf32 exists on NVIDIA GPUs only", .hint = "leave it out"});
  return cpu::make_cpu_engine(options);
}

}  // namespace nib
