#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/error.h"

namespace nib::cuda {

/// What a bare result code of the driver does not tell.
struct Surroundings {
  std::optional<std::string> visible_devices{};           ///< CUDA_VISIBLE_DEVICES, where it is set
  std::optional<std::filesystem::path> refused_device{};  ///< a device file that this process may not read and write
};

/// Those of this process.
Surroundings surroundings();

/// The first of NVIDIA's device files in `folder` that is there but may not be read and written by this process.
std::optional<std::filesystem::path> refused_device_file(const std::filesystem::path& folder);

/// The error (device) for CUresult `status` of the driver's function `call`: what it means for a user, and what to do.
/// `text` is what the driver says of the code, for those that are not known here.
Error driver_error(int status, const std::string& call, const std::string& text, const Surroundings& around);

}  // namespace nib::cuda
