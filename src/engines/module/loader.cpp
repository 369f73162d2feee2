#include "engines/module/loader.h"

#include <dlfcn.h>

#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "engines/module/driver.h"
#include "engines/module/libraries.h"
#include "engines/module/library_places.h"
#include "engines/module/loaded_engine.h"

namespace nib::cuda {
namespace {

namespace fs = std::filesystem;

const char* const module_file = "libnib_cuda.so";

Error module_error(const fs::path& path, Problem problem) {
  problem.file = "CUDA";
  problem.problem = printable(path.string()) + " " + problem.problem;
  if (problem.hint.empty())
    problem.hint = "build or install nib and its module together; " + setting("device") + " cpu needs no module";
  return device_error(std::move(problem));
}

Driver::Choice open_device(const Driver& driver, std::optional<unsigned> device) {
  if (!device) return driver.open_first();
  driver.open(*device);
  return {.number = *device};
}

/// cuDNN and cuBLAS, and the module that needs them.
Module load_everything() {
  const Requirements& needed = requirements();
  // A build without CUDA is told before libraries that would not help it.
  const std::vector<fs::path> folders = module_folders();
  find_module(folders);
  const std::vector<fs::path> places = library_places(needed);
  for (const WantedLibrary& wanted : wanted_libraries(needed)) load_library(wanted, places);
  return load_module(folders, needed.build_id);
}

std::unique_ptr<Engine> make_engine_of(const Module& module, unsigned device, const EngineOptions& options) {
  std::optional<Failure> failure;
  std::unique_ptr<ModuleEngine> engine(module.make_engine(options, device, failure));
  if (failure) throw Error(failure->code, failure->problem);
  if (!engine) throw module_error(module.path, {.problem = "made no engine, and did not say why"});
  return adapt(std::move(engine), options);
}

}  // namespace

fs::path find_module(const std::vector<fs::path>& folders) {
  std::error_code error;
  for (const fs::path& folder : folders)
    if (fs::exists(folder / module_file, error)) return folder / module_file;
  throw device_error(
      {.file = "CUDA",
       .problem = std::string("nib was built without CUDA: there is no ") + module_file + " in " + places_text(folders),
       .hint = "build nib where nvcc, cuDNN and cuBLAS are: cmake says what is missing; " + setting("device") +
               " cpu needs none of them"});
}

Module load_module(const std::vector<fs::path>& folders, const std::string& build_id) {
  const fs::path path = find_module(folders);
  void* const handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!handle) throw module_error(path, {.problem = "cannot be loaded: " + printable(dlerror())});
  const auto found_id = static_cast<const char*>(dlsym(handle, module_build_id_name));
  if (!found_id) throw module_error(path, {.problem = "is no module of nib: it has no build id"});
  if (build_id != found_id)
    throw module_error(
        path, {.problem = "belongs to another build of nib", .expected = build_id, .got = printable(found_id, 80)});
  const auto make_engine = reinterpret_cast<MakeModuleEngine>(dlsym(handle, module_function_name));
  if (!make_engine) throw module_error(path, {.problem = std::string("lacks its function ") + module_function_name});
  return {.path = path, .build_id = found_id, .make_engine = make_engine};
}

std::unique_ptr<Engine> load_cuda_engine(std::optional<unsigned> device, const EngineOptions& options,
                                         std::string& note) {
  const Driver driver(requirements());
  const Driver::Choice choice = open_device(driver, device);
  try {
    note = choice.note;
    EngineOptions possible = options;
    const std::string obstacle = tf32_obstacle(driver.devices()[choice.number]);
    if (options.precision != Precision::fp32 && !obstacle.empty()) {
      possible.precision = Precision::fp32;
      note += (note.empty() ? "" : "\n") + ("computing in FP32 instead of TF32: " + obstacle);
    }
    return make_engine_of(load_everything(), choice.number, possible);
  } catch (const Error& error) {
    if (error.code() != ExitCode::device || choice.note.empty()) throw;
    Problem problem = error.problem();
    problem.hint = problem.hint.empty() ? choice.note : problem.hint + " (" + choice.note + ")";
    throw Error(error.code(), std::move(problem));
  }
}

void warm_up_cuda(std::optional<unsigned> device) noexcept {
  try {
    open_device(Driver(requirements()), device);
    load_everything();
  } catch (...) {
  }
}

}  // namespace nib::cuda
