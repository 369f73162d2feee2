#include "engines/module/driver_problems.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>
#include <vector>

#include "base/text.h"

namespace nib::cuda {
namespace {

namespace fs = std::filesystem;

/// CUresult's values, from the documentation of the driver's interface.
enum Status {
  out_of_memory = 2,
  stub_library = 34,
  device_unavailable = 46,
  no_device = 100,
  ecc_uncorrectable = 214,
  operating_system = 304,
  system_not_ready = 802,
  system_driver_mismatch = 803,
  compatibility_not_supported = 804,
  unknown = 999
};

const char* const file = "CUDA";

Error refused(const fs::path& device) {
  return device_error({.file = file,
                       .problem = fmt::format("no permission to read and write {}", printable(device.string())),
                       .hint = "ask for membership in the group that owns it (often video or render); " +
                               setting("device") + " cpu needs no GPU"});
}

Error nothing_visible(const Surroundings& around) {
  if (around.visible_devices)
    return device_error(
        {.file = file,
         .problem = fmt::format("CUDA_VISIBLE_DEVICES=\"{}\" hides every GPU", printable(*around.visible_devices)),
         .hint = "unset it, or set it to the numbers of the GPUs to use, such as 0"});
  return device_error({.file = file,
                       .problem = "the NVIDIA driver finds no GPU",
                       .hint = "nvidia-smi -L lists the GPUs; a container has to be started with them; " +
                               setting("device") + " cpu needs none"});
}

}  // namespace

Surroundings surroundings() {
  const char* const visible = std::getenv("CUDA_VISIBLE_DEVICES");
  return {.visible_devices = visible ? std::optional<std::string>(visible) : std::nullopt,
          .refused_device = refused_device_file("/dev")};
}

std::optional<fs::path> refused_device_file(const fs::path& folder) {
  std::vector<fs::path> refused;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename();
    // nvidia0, nvidia1 ..., nvidiactl and nvidia-uvm; what else is called so belongs to other programs.
    const bool used = name == "nvidiactl" || name == "nvidia-uvm" ||
                      (name.starts_with("nvidia") && parse_unsigned(name.substr(6)).has_value());
    if (used && faccessat(AT_FDCWD, entry.path().c_str(), R_OK | W_OK, AT_EACCESS) != 0)
      refused.push_back(entry.path());
  }
  if (refused.empty()) return std::nullopt;
  return *std::ranges::min_element(refused);
}

Error driver_error(int status, const std::string& call, const std::string& text, const Surroundings& around) {
  const auto error = [&](std::string problem, std::string hint) {
    return device_error({.file = file, .problem = std::move(problem), .hint = std::move(hint)});
  };
  switch (status) {
    case out_of_memory:
      return error("the GPU's memory is used up",
                   "nvidia-smi shows by which processes; " + setting("device") + " cpu needs no GPU");
    case stub_library:
      return error("libcuda.so.1 is the toolkit's stub for linking, not a driver",
                   "take the toolkit's stubs folder out of LD_LIBRARY_PATH");
    case device_unavailable:
      return error("the GPU is busy, and its compute mode lets no other process in",
                   "nvidia-smi shows by which process; wait for its end, or use another " + setting("device"));
    case no_device:
      return around.refused_device ? refused(*around.refused_device) : nothing_visible(around);
    case ecc_uncorrectable:
      return error("the GPU's memory has an error that cannot be corrected (ECC)",
                   "nvidia-smi -q -d ECC shows it; the GPU has to be reset before it computes again");
    case operating_system:
    case unknown:
      if (around.refused_device) return refused(*around.refused_device);
      return error(fmt::format("the NVIDIA driver does not start ({} gave error {})", call, status),
                   "modprobe nvidia-uvm loads a part that is often missing; dmesg may tell more");
    case system_not_ready:
      return error("the GPUs' system is not ready",
                   "on machines with NVSwitch the service nvidia-fabricmanager has to run");
    case system_driver_mismatch:
      return error("the NVIDIA driver's library and its kernel module are of different versions",
                   "restart the machine, so that the kernel module of the installed driver is loaded");
    case compatibility_not_supported:
      return error("the forward-compatible libcuda.so.1 that was found does not support this GPU",
                   "take CUDA's compat folder out of LD_LIBRARY_PATH");
    default:
      return error(fmt::format("{} gave error {}{}", call, status, text.empty() ? "" : ": " + printable(text)),
                   "nvidia-smi shows the GPU's state; " + setting("device") + " cpu needs no GPU");
  }
}

}  // namespace nib::cuda
