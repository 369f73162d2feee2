#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/modules.h"
#include "engines/module/border.h"
#include "engines/module/requirements.h"
#include "nib/engine.h"

namespace nib::cuda {

/// The CUDA module, libnib_cuda.so, loaded and found to fit this program. It is never unloaded: objects of its types
/// and the driver's own threads live on.
struct Module {
  std::filesystem::path path;
  std::string build_id;
  MakeModuleEngine make_engine = nullptr;
};

/// The module in the first of `folders` that has it. Throws Error (device): without one, nib was built without CUDA.
std::filesystem::path find_module(const std::vector<std::filesystem::path>& folders);

/// Loads the module from the first of `folders` that has it. The libraries that it needs have to be loaded before.
/// Its build id is compared before anything in it is called. Throws Error (device).
Module load_module(const std::vector<std::filesystem::path>& folders, const std::string& build_id);

/// The engine for CUDA device number `device`, or the first that can be used where none is given: asks the driver
/// first, then loads cuDNN, cuBLAS and the module, each only when the one before is all right. Throws Error (device)
/// for what this machine lacks; what the engine itself refuses keeps its own code. `note` receives a line, or lines,
/// where the device or its precision is another than one may think.
std::unique_ptr<Engine> load_cuda_engine(std::optional<unsigned> device, const EngineOptions& options,
                                         std::string& note);

/// The part of load_cuda_engine() that takes long and needs no network: driver, context, libraries and module. What it
/// loads stays loaded, and what fails is left for load_cuda_engine() to tell: so another thread may call this before.
void warm_up_cuda(std::optional<unsigned> device) noexcept;

}  // namespace nib::cuda
