#include <fmt/core.h>

#include <filesystem>
#include <optional>
#include <utility>

#include "base/text.h"
#include "engines/module/driver.h"
#include "engines/module/libraries.h"
#include "engines/module/library_places.h"
#include "engines/module/loader.h"
#include "machine/checks.h"
#include "nib/network.h"

namespace nib {
namespace {

using cuda::Device;
using cuda::Driver;

/// Collects the checks; whether one came out well decides what can be looked at next.
class Examination {
 public:
  /// Adds what `look` returns, or the Error (device and others) that it throws.
  template <typename Look>
  bool check(const std::string& subject, const Look& look) {
    try {
      checks_.push_back(look());
      return true;
    } catch (const Error& error) {
      checks_.push_back(failed_check(subject, error));
      return false;
    }
  }
  std::vector<Check> checks() && { return std::move(checks_); }

 private:
  std::vector<Check> checks_;
};

Check driver_check(const Driver& driver) {
  const std::string version = cuda::installed_driver_version();
  const std::string serves = cuda::cuda_version_text(driver.cuda_version());
  return {.subject = "NVIDIA driver",
          .finding = version.empty() ? serves : fmt::format("{}, {}", version, serves),
          .details = {{"version", version}, {"cuda", serves}}};
}

/// Other processes may want the memory that a device's context takes: only that of the engine's device stays.
Check device_check(const Driver& driver, unsigned index, bool keep) {
  const Device& device = driver.devices()[index];
  driver.open(index);
  if (!keep) driver.release(index);
  return {
      .subject = fmt::format("cuda:{}", index),
      .finding = fmt::format("{}, compute capability {}, {:.1f} GB", device.name,
                             cuda::capability_text(device.capability), static_cast<double>(device.memory_bytes) / 1e9),
      .details = {{"name", device.name},
                  {"compute_capability", cuda::capability_text(device.capability)},
                  {"memory_bytes", device.memory_bytes}}};
}

Check library_check(const cuda::FoundLibrary& library) {
  return {.subject = library.title,
          .finding = fmt::format("{}, {}", library.version, printable(library.path.string())),
          .details = {{"version", library.version}, {"path", library.path.string()}}};
}

Check module_check(const cuda::Module& module) {
  return {.subject = "CUDA module",
          .finding = fmt::format("{}, build {}", printable(module.path.string()), module.build_id),
          .details = {{"path", module.path.string()}, {"build_id", module.build_id}}};
}

/// Without cuDNN and cuBLAS the module cannot be loaded, but it can be missing.
Check unloaded_module_check() {
  const std::filesystem::path path = cuda::find_module(module_folders());
  return {.subject = "CUDA module",
          .finding = printable(path.string()) + ", not loaded without its libraries",
          .fix = "see cuDNN and cuBLAS above",
          .details = {{"path", path.string()}}};
}

/// The number of the first device that can be used, which the engine takes.
std::optional<unsigned> examine_devices(const Driver& driver, Examination& examination) {
  std::optional<unsigned> usable;
  for (unsigned index = 0; index < driver.devices().size(); ++index) {
    const auto look = [&] { return device_check(driver, index, !usable); };
    if (examination.check(fmt::format("cuda:{}", index), look) && !usable) usable = index;
  }
  const std::string obstacle = usable ? cuda::tf32_obstacle(driver.devices()[*usable]) : "";
  if (!obstacle.empty())
    examination.check("TF32", [&] {
      return Check{.subject = "TF32",
                   .finding = obstacle + ", so that GPUs compute in FP32",
                   .fix = "unset the variable, unless that is wanted"};
    });
  return usable;
}

}  // namespace

CudaChecks cuda_checks() {
  const cuda::Requirements& needed = cuda::requirements();
  Examination examination;
  std::optional<Driver> driver;
  examination.check("NVIDIA driver", [&] {
    driver.emplace(needed);
    return driver_check(*driver);
  });
  const std::optional<unsigned> device = driver ? examine_devices(*driver, examination) : std::nullopt;
  bool libraries = true;
  const std::vector<std::filesystem::path> places = cuda::library_places(needed);
  for (const cuda::WantedLibrary& wanted : cuda::wanted_libraries(needed))
    if (!examination.check(wanted.title, [&] { return library_check(cuda::load_library(wanted, places)); }))
      libraries = false;
  const bool module = examination.check("CUDA module", [&] {
    return libraries ? module_check(cuda::load_module(module_folders(), needed.build_id)) : unloaded_module_check();
  });
  std::string engine;
  if (device && libraries && module)
    examination.check("CUDA engine", [&] {
      std::string note;
      engine = cuda::load_cuda_engine(device, {.network = digits_network()}, note)->description();
      return Check{.subject = "CUDA engine", .finding = engine};
    });
  return {.checks = std::move(examination).checks(), .engine = engine};
}

}  // namespace nib
