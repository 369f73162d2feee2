#pragma once

#include <optional>
#include <string>

namespace nib {

/// What the name of a device means: "auto", "cpu", "cuda" (the first GPU) or "cuda:N".
struct DeviceName {
  enum class Kind { automatic, cpu, cuda };
  Kind kind = Kind::automatic;
  unsigned number = 0;  ///< of the CUDA device, 0 to 1023
  bool operator==(const DeviceName&) const = default;
};

/// nullopt for a name that is none of these. Whether there is such a device is another question.
std::optional<DeviceName> parse_device_name(const std::string& name);

/// The name that was probably meant by one that is none: "cuda" by "gpu", "cuda:1" by "GPU1", "auto" by "atuo".
std::optional<std::string> meant_device(const std::string& name);

}  // namespace nib
