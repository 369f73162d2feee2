// The one place that knows which engines exist.

#include "nib/engine.h"

#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "engines/cpu/cpu_engine.h"
#include "engines/module/loader.h"

namespace nib {
namespace {

/// The number of a CUDA device by its name; "cuda" is the first one.
std::optional<unsigned> cuda_device(const std::string& device) {
  if (device == "cuda") return 0;
  if (!device.starts_with("cuda:")) return std::nullopt;
  const std::optional<std::uint64_t> number = parse_unsigned(device.substr(5));
  return number && *number <= 1023 ? std::optional(static_cast<unsigned>(*number)) : std::nullopt;
}

/// CUDA where it works, else the CPU, and why.
std::unique_ptr<Engine> make_best_engine(const EngineOptions& options, std::string& note) {
  try {
    return cuda::load_cuda_engine(0, options);
  } catch (const Error& error) {
    if (error.code() != ExitCode::device) throw;
    const bool wanted_tf32 = options.precision == Precision::tf32;
    note =
        std::string("running on the CPU") + (wanted_tf32 ? " in FP32 instead of TF32: " : ": ") + without_file(error);
  }
  EngineOptions on_cpu = options;
  on_cpu.precision = Precision::fp32;
  return cpu::make_cpu_engine(on_cpu);
}

}  // namespace

std::unique_ptr<Engine> make_engine(const std::string& device, const EngineOptions& options, std::string& note) {
  if (device == "auto") return make_best_engine(options, note);
  if (const auto number = cuda_device(device)) return cuda::load_cuda_engine(*number, options);
  if (device != "cpu")
    throw usage_error({.setting = "device",
                       .problem = "no such device",
                       .expected = "auto, cpu, cuda or cuda:N",
                       .got = "\"" + printable(device) + "\""});
  if (options.precision == Precision::tf32)
    throw usage_error({.setting = "precision", .problem = "tf32 exists on NVIDIA GPUs only", .hint = "leave it out"});
  return cpu::make_cpu_engine(options);
}

}  // namespace nib
