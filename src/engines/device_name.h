#pragma once

#include <optional>
#include <string>

namespace nib {

/// What the name of a device means: "auto", "cpu", "cuda" (the first GPU that is fit) or "cuda:N". "gpu" and "gpu:N"
/// are other names for the last two.
struct DeviceName {
  enum class Kind { automatic, cpu, cuda };
  Kind kind = Kind::automatic;
  std::optional<unsigned> number{};  ///< of the CUDA device, 0 to 1023
  bool operator==(const DeviceName&) const = default;
};

/// nullopt for a name that is none of these. Whether there is such a device is another question.
std::optional<DeviceName> parse_device_name(const std::string& name);

/// The one name of each device that records and messages have: "cuda:1" for "gpu:1".
std::string to_text(const DeviceName& name);

/// The name that was probably meant by one that is none: "cuda" by "GPU", "cuda:1" by "gpu1", "auto" by "atuo".
std::optional<std::string> meant_device(const std::string& name);

}  // namespace nib
