#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engines/module/requirements.h"

namespace nib::cuda {

/// The folders in which NVIDIA's libraries are looked for, in order, each one once:
///   $NIB_CUDA_LIBRARIES (folders with : between them), and then no other;
///   where they lay when nib was built;
///   the toolkit: $CUDA_HOME, $CUDA_PATH, /usr/local/cuda and /usr/local/cuda-*, with lib64 or lib behind them;
///   an empty path, which stands for the system's own search (LD_LIBRARY_PATH, ld.so.conf);
///   the active conda environment: $CONDA_PREFIX/lib;
///   NVIDIA's Python packages in the folders of the virtual environment, of the conda environment, of the python3 on
///   PATH, of the system and of the user; no Python is started.
/// Only folders that exist, but for those that were asked for; no relative ones out of other variables. `root` stands
/// for / in tests.
std::vector<std::filesystem::path> library_places(const Requirements& needed, const std::filesystem::path& root = "/");

/// "A, B, the system's libraries and C".
std::string places_text(const std::vector<std::filesystem::path>& places);

}  // namespace nib::cuda
