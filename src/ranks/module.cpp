#include "ranks/module.h"

#include <dlfcn.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace nib::ranks {
namespace {

namespace fs = std::filesystem;

std::string title_of(const std::string& library) {
  const auto* const known = std::ranges::find(mpi_libraries, library, &MpiLibrary::name);
  return known != std::end(mpi_libraries) ? known->title : library;
}

Error module_error(const fs::path& path, Problem problem) {
  problem.file = "MPI";
  problem.problem = printable(path.string()) + " " + problem.problem;
  return device_error(std::move(problem));
}

Error no_module(const std::vector<fs::path>& folders, const std::string& library) {
  std::vector<std::string> places;
  for (const fs::path& folder : folders) places.push_back(printable(folder.string()));
  return device_error({.file = "MPI",
                       .problem = "nib was built without " + (library.empty() ? "any MPI" : title_of(library)) +
                                  ": there is no " + module_file(library.empty() ? "*" : library) + " in " +
                                  join_words(places),
                       .hint = "build nib where its headers are (tools/install_packages mpi); " + setting("ranks") +
                               " off lets each process work alone"});
}

}  // namespace

std::string module_file(const std::string& library) { return "libnib_mpi-" + library + ".so"; }

const MpiFunctions& load_module(const std::vector<fs::path>& folders, const std::string& library) {
  std::error_code ignored;
  fs::path path;
  for (const MpiLibrary& each : mpi_libraries)
    for (const fs::path& folder : folders)
      if (path.empty() && (library.empty() || library == each.name) &&
          fs::exists(folder / module_file(each.name), ignored))
        path = folder / module_file(each.name);
  if (path.empty()) throw no_module(folders, library);
  // Open MPI's own modules find its symbols only where they are open to all.
  void* const handle = dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL | RTLD_NODELETE);
  if (handle == nullptr) throw module_error(path, {.problem = "cannot be loaded: " + printable(dlerror())});
  const auto* const functions = static_cast<const MpiFunctions*>(dlsym(handle, module_symbol));
  if (functions == nullptr) throw module_error(path, {.problem = "is no module of nib"});
  if (functions->version != border_version)
    throw module_error(path, {.problem = "belongs to another version of nib",
                              .expected = std::to_string(border_version),
                              .got = std::to_string(functions->version)});
  return *functions;
}

}  // namespace nib::ranks
