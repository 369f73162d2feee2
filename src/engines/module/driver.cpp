#include "engines/module/driver.h"

#include <dlfcn.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "base/stream.h"
#include "base/text.h"
#include "engines/module/driver_problems.h"

namespace nib::cuda {
namespace {

const char* const file = "CUDA";

/// CUdevice_attribute's values, from the documentation of the driver's interface.
enum Attribute { compute_mode = 20, capability_major = 75, capability_minor = 76 };
constexpr int compute_mode_prohibited = 2;

struct Context;

void* load_driver(const std::string& library, unsigned cuda_version) {
  if (void* const handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL)) return handle;
  const std::string reason = dlerror();
  if (reason.find(library + ": cannot open shared object file: No such file") == std::string::npos)
    throw device_error({.file = file,
                        .problem = "the NVIDIA driver's library cannot be loaded: " + printable(reason),
                        .hint = "install the NVIDIA driver again; " + setting("device") + " cpu needs none"});
  throw device_error(
      {.file = file,
       .problem = "no NVIDIA driver found",
       .expected = needed_driver(cuda_version),
       .hint = "install NVIDIA's driver where there is an NVIDIA GPU; " + setting("device") + " cpu needs neither"});
}

std::string found_driver(unsigned cuda_version) {
  const std::string version = installed_driver_version();
  return fmt::format("{}, for {}", version.empty() ? "one" : "driver " + version, cuda_version_text(cuda_version));
}

}  // namespace

template <typename Function>
Function* Driver::function(const char* name) const {
  if (void* const address = dlsym(library_, name)) return reinterpret_cast<Function*>(address);
  throw device_error({.file = file,
                      .problem = fmt::format("{} is no driver of NVIDIA's: it lacks {}", library_name_, name),
                      .hint = "install the NVIDIA driver again; " + setting("device") + " cpu needs none"});
}

void Driver::check(int status, const char* call) const {
  if (status == 0) return;
  const char* text = nullptr;
  function<int(int, const char**)>("cuGetErrorString")(status, &text);
  throw driver_error(status, call, text ? text : "", surroundings());
}

Driver::Driver(const Requirements& needed, const std::string& library)
    : needed_(needed), library_name_(library), library_(load_driver(library, needed.cuda_version)) {
  int version = 0;
  check(function<int(int*)>("cuDriverGetVersion")(&version), "cuDriverGetVersion");
  cuda_version_ = static_cast<unsigned>(version);
  if (cuda_version_ / 1000 < needed_.cuda_version / 1000)
    throw device_error({.file = file,
                        .problem = "the NVIDIA driver is too old",
                        .expected = needed_driver(needed_.cuda_version),
                        .got = found_driver(cuda_version_),
                        .hint = "install a newer NVIDIA driver; " + setting("device") + " cpu needs none"});
  check(function<int(unsigned)>("cuInit")(0), "cuInit");
  int count = 0;
  check(function<int(int*)>("cuDeviceGetCount")(&count), "cuDeviceGetCount");
  constexpr int no_device = 100;
  if (count == 0) check(no_device, "cuDeviceGetCount");
  for (int index = 0; index < count; ++index) devices_.push_back(describe(static_cast<unsigned>(index)));
}

int Driver::handle(unsigned index) const {
  int device = 0;
  check(function<int(int*, int)>("cuDeviceGet")(&device, static_cast<int>(index)), "cuDeviceGet");
  return device;
}

Device Driver::describe(unsigned index) const {
  const int device = handle(index);
  int major = 0, minor = 0;
  std::array<char, 256> name{};
  check(function<int(char*, int, int)>("cuDeviceGetName")(name.data(), static_cast<int>(name.size()) - 1, device),
        "cuDeviceGetName");
  const auto attribute = function<int(int*, int, int)>("cuDeviceGetAttribute");
  check(attribute(&major, capability_major, device), "cuDeviceGetAttribute");
  check(attribute(&minor, capability_minor, device), "cuDeviceGetAttribute");
  std::size_t bytes = 0;
  check(function<int(std::size_t*, int)>("cuDeviceTotalMem_v2")(&bytes, device), "cuDeviceTotalMem");
  int mode = 0;
  check(attribute(&mode, compute_mode, device), "cuDeviceGetAttribute");
  return {.name = printable(name.data()),
          .capability = static_cast<Capability>(10 * major + minor),
          .memory_bytes = bytes,
          .may_compute = mode != compute_mode_prohibited};
}

bool Driver::is_fit(const Device& device) const {
  return device.may_compute && runs_on(needed_.architectures, device.capability);
}

Driver::Choice Driver::open_first() const {
  std::optional<Error> of_first, of_first_with_kernels;
  for (unsigned index = 0; index < devices_.size(); ++index) {
    try {
      open(index);
    } catch (const Error& error) {
      if (!of_first) of_first = error;
      if (!of_first_with_kernels && runs_on(needed_.architectures, devices_[index].capability))
        of_first_with_kernels = error;
      continue;
    }
    if (index == 0) return {.number = 0};
    return {.number = index,
            .note = fmt::format("taking cuda:{} ({}) in place of cuda:0: {}", index, devices_[index].name,
                                of_first->problem().problem)};
  }
  throw of_first_with_kernels ? *of_first_with_kernels : of_first.value();
}

/// What to do where a device is unfit: to take the first one that is not, or else `other_fix`.
std::string Driver::fit_device_or(const std::string& other_fix) const {
  const auto found = std::ranges::find_if(devices_, [this](const Device& device) { return is_fit(device); });
  if (found == devices_.end()) return other_fix;
  return fmt::format("{} cuda:{} takes the {}, which is fit", setting("device"), found - devices_.begin(), found->name);
}

void Driver::open(unsigned index) const {
  const std::string asked_for = fmt::format("cuda:{}", index);
  if (index >= devices_.size()) {
    const auto visible = surroundings().visible_devices;
    throw device_error({.setting = "device",
                        .value = asked_for,
                        .problem = "no such device",
                        .expected = devices_.size() == 1 ? "cuda:0, the only one"
                                                         : fmt::format("cuda:0 to cuda:{}", devices_.size() - 1),
                        .got = asked_for,
                        .hint = visible ? fmt::format("CUDA_VISIBLE_DEVICES=\"{}\" hides other GPUs", *visible)
                                        : "nvidia-smi -L lists the GPUs"});
  }
  const Device& device = devices_[index];
  if (!runs_on(needed_.architectures, device.capability))
    throw device_error({.file = file,
                        .problem = fmt::format("this build has no kernels for {} ({})", asked_for, device.name),
                        .expected = fmt::format("compute capability of {}", join_words(needed_.architectures)),
                        .got = capability_text(device.capability),
                        .hint = fit_device_or(
                            device.capability < 75
                                ? "nib needs a GPU of compute capability 7.5 or later, or " + setting("device") + " cpu"
                                : "the CMake option NIB_CUDA_ARCHITECTURES chooses for which GPUs nib is built")});
  if (!device.may_compute)
    throw device_error({.file = file,
                        .problem = fmt::format("the compute mode of {} ({}) is prohibited", asked_for, device.name),
                        .hint = fit_device_or("nvidia-smi -c DEFAULT, as root, allows computing; " + setting("device") +
                                              " cpu needs no GPU")});
  Context* context = nullptr;
  check(function<int(Context**, int)>("cuDevicePrimaryCtxRetain")(&context, handle(index)), "cuDevicePrimaryCtxRetain");
}

void Driver::release(unsigned index) const {
  check(function<int(int)>("cuDevicePrimaryCtxRelease_v2")(handle(index)), "cuDevicePrimaryCtxRelease");
}

std::string tf32_obstacle(const Device& device) {
  constexpr Capability first_with_tf32 = 80;
  const char* const override = std::getenv("NVIDIA_TF32_OVERRIDE");
  if (device.capability < first_with_tf32 || !override || std::string_view(override) != "0") return "";
  return "NVIDIA_TF32_OVERRIDE=0 turns TF32 off";
}

bool driver_is_installed(const std::string& library) {
  return dlopen(library.c_str(), RTLD_LAZY | RTLD_LOCAL) != nullptr;
}

std::string installed_driver_version() {
  const std::string text = system_text("/sys/module/nvidia/version");
  return printable(text.substr(0, text.find('\n')), 40);
}

}  // namespace nib::cuda
