#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ranks/border.h"

namespace nib::ranks {

/// The libraries that there can be a module for, and their names for people.
struct MpiLibrary {
  const char *name, *title;
};
inline constexpr MpiLibrary mpi_libraries[] = {{"openmpi", "Open MPI"}, {"mpich", "MPICH"}};

/// "libnib_mpi-openmpi.so"
std::string module_file(const std::string& library);

/// The module over an MPI library ("openmpi", "mpich"; empty: the first that is there), from the first of `folders`
/// that has it. It is never unloaded. Throws Error (device) naming the folders, or the file and what is wrong with it.
const MpiFunctions& load_module(const std::vector<std::filesystem::path>& folders, const std::string& library);

}  // namespace nib::ranks
