#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "commands/program.h"

namespace nib {

/// The program as it runs on a machine with an NVIDIA GPU of which everything is a stand-in: driver, libraries and the
/// CUDA module, behind which the CPU engine works. `driver` says how the driver differs from one that works
/// ("version=12080 init=100"); with_environment() says the rest.
class ProgramWithFakeGpu : public Program {
 public:
  ProgramWithFakeGpu(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
                     const std::string& driver = "");
};

/// Of the newest GPUs that this build has kernels for, "120": those have TF32.
std::string newest_capability();

}  // namespace nib
