#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engines/module/requirements.h"

namespace nib::cuda {

/// A GPU as the driver describes it.
struct Device {
  std::string name;
  Capability capability = 0;
  std::uint64_t memory_bytes = 0;  ///< in all, not free
  bool may_compute = true;         ///< false where its compute mode is "prohibited"
};

/// NVIDIA's driver: libcuda.so.1, which comes with the driver and not with the toolkit, so that it is loaded at run
/// time and only when asked for. It stays loaded. Every failure is an Error (device) that tells one cause from another.
class Driver {
 public:
  /// Loads and starts the driver. `library` is the name that the system's loader is asked for.
  explicit Driver(const Requirements& needed, const std::string& library = "libcuda.so.1");

  unsigned cuda_version() const { return cuda_version_; }  ///< the newest that it serves: 1000 major + 10 minor
  const std::vector<Device>& devices() const { return devices_; }

  /// A device that was opened without being named.
  struct Choice {
    unsigned number = 0;
    std::string note{};  ///< why it is not device 0; empty where it is
  };

  /// Opens the first device that can be used. Where none can, throws what open() says of the first one that kernels
  /// were compiled for, or else of device 0.
  Choice open_first() const;

  /// Makes sure that device number `index` exists, that kernels were compiled for it, and that this process may use it.
  /// For that it makes the device's primary context, which stays, and which the module goes on with.
  void open(unsigned index) const;

  /// Gives back the context of a device that was opened, and with it the device's memory that it takes.
  void release(unsigned index) const;

 private:
  template <typename Function>
  Function* function(const char* name) const;
  void check(int status, const char* call) const;
  Device describe(unsigned index) const;
  int handle(unsigned index) const;
  bool is_fit(const Device& device) const;
  std::string fit_device_or(const std::string& other_fix) const;

  Requirements needed_;
  std::string library_name_;
  void* library_ = nullptr;
  unsigned cuda_version_ = 0;
  std::vector<Device> devices_;
};

/// What keeps NVIDIA's libraries from computing in TF32 on a device that has it, whatever they are asked for; empty
/// where nothing does.
std::string tf32_obstacle(const Device& device);

/// Whether there is a library of that name: nothing of it is started, but it stays loaded.
bool driver_is_installed(const std::string& library = "libcuda.so.1");

/// "580.65.06", or empty where the system does not say: the version by which users know the driver.
std::string installed_driver_version();

}  // namespace nib::cuda
