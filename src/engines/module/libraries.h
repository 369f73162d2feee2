#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engines/module/requirements.h"

namespace nib::cuda {

/// One of NVIDIA's libraries that the CUDA module needs: how it is called, and which versions are fit.
struct WantedLibrary {
  std::string title;         ///< "cuDNN"
  std::string file;          ///< "libcudnn.so.9"
  std::string needed;        ///< "cuDNN 9 for CUDA 13"
  std::string pip_packages;  ///< what Python's package manager calls it
  /// What it loads by itself when it is used, from its own folder: each one after those that it needs.
  std::vector<std::string> parts;
  std::vector<std::string> newer_parts;  ///< likewise, but only its newer versions have them
  /// What the loaded library `handle` says of itself, and whether that is fit.
  struct Version {
    std::string text;  ///< "9.19.0 for CUDA 13"
    bool fit = false;
  };
  std::function<Version(void* handle)> version;
};

/// cuDNN and cuBLAS.
std::vector<WantedLibrary> wanted_libraries(const Requirements& needed);

struct FoundLibrary {
  std::string title, version;
  std::filesystem::path path;  ///< as it was loaded
};

/// Loads the first fit library in `places` (an empty one: the system's own search) for the whole process, so that the
/// module finds it under its name, and its parts with it. It stays loaded. Throws Error (device) that names what was
/// found unfit, or else every place. The driver has to be loaded before: some of cuDNN's parts need it.
FoundLibrary load_library(const WantedLibrary& wanted, const std::vector<std::filesystem::path>& places);

}  // namespace nib::cuda
