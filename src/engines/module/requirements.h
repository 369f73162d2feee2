#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nib::cuda {

/// A GPU's compute capability: 10 major + minor, 75 for 7.5.
using Capability = unsigned;

/// What the CUDA module was built with, and so what it needs of the machine that it runs on.
struct Requirements {
  unsigned cuda_version = 0;  ///< 1000 major + 10 minor, as the driver counts
  unsigned cudnn_major = 0, cublas_major = 0;
  std::vector<std::string> architectures;              ///< "90-real" (machine code), "120-virtual" (PTX)
  std::vector<std::filesystem::path> library_folders;  ///< where cuDNN and cuBLAS lay
  std::string build_id;
};

/// Those of this build of nib; where it has no module, those of the one that it could have.
const Requirements& requirements();

/// Machine code runs on GPUs of the same major number and no lower minor one; PTX on all that are no older.
bool runs_on(std::span<const std::string> architectures, Capability capability);

/// "driver 580.65.06 or later, for CUDA 13": what the driver has to be for a module built with `cuda_version`.
std::string needed_driver(unsigned cuda_version);

/// 13000 -> "CUDA 13.0".
std::string cuda_version_text(unsigned version);

/// 75 -> "7.5".
std::string capability_text(Capability capability);

/// Texts between `separator`s, empty ones left out.
std::vector<std::string> split(std::string_view text, char separator);

}  // namespace nib::cuda
