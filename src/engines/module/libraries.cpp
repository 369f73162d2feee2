#include "engines/module/libraries.h"

#include <dlfcn.h>
#include <fmt/core.h>
#include <link.h>

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <system_error>

#include "base/error.h"
#include "base/text.h"
#include "engines/module/library_places.h"

namespace nib::cuda {
namespace {

namespace fs = std::filesystem;

/// "9.19.0 for CUDA 13": cuDNN counts 10000 major + 100 minor + patch. Libraries of one major version are made for
/// several CUDAs and bear the same name.
WantedLibrary::Version cudnn_version(void* handle, const Requirements& needed) {
  const auto version = reinterpret_cast<std::size_t (*)()>(dlsym(handle, "cudnnGetVersion"));
  const auto cuda_version = reinterpret_cast<std::size_t (*)()>(dlsym(handle, "cudnnGetCudartVersion"));
  if (!version || !cuda_version) return {.text = "of no known version"};
  const std::size_t number = version(), cuda_major = cuda_version() / 1000;
  return {.text = fmt::format("{}.{}.{} for CUDA {}", number / 10000, number % 10000 / 100, number % 100, cuda_major),
          .fit = number / 10000 == needed.cudnn_major && cuda_major == needed.cuda_version / 1000};
}

WantedLibrary::Version cublas_version(void* handle, const Requirements& needed) {
  const auto property = reinterpret_cast<int (*)(int, int*)>(dlsym(handle, "cublasGetProperty"));
  int numbers[3] = {};
  for (int part = 0; part < 3; ++part)  // libraryPropertyType: major, minor, patch
    if (!property || property(part, &numbers[part]) != 0) return {.text = "of no known version"};
  return {.text = fmt::format("{}.{}.{}", numbers[0], numbers[1], numbers[2]),
          .fit = numbers[0] == static_cast<int>(needed.cublas_major)};
}

/// Where the system's loader found a library.
fs::path loaded_path(void* handle, const fs::path& asked_for) {
  link_map* map = nullptr;
  return dlinfo(handle, RTLD_DI_LINKMAP, &map) == 0 && map->l_name && *map->l_name ? fs::path(map->l_name) : asked_for;
}

std::string fix(const WantedLibrary& wanted) {
  return fmt::format(
      "pip install {} (in a virtual environment that is active when nib runs), or name the folder in "
      "NIB_CUDA_LIBRARIES; {} cpu needs neither",
      wanted.pip_packages, setting("device"));
}

std::vector<std::string> cudnn_parts(std::initializer_list<const char*> names, unsigned major) {
  std::vector<std::string> parts;
  for (const char* const name : names) parts.push_back(fmt::format("libcudnn_{}.so.{}", name, major));
  return parts;
}

WantedLibrary cudnn(const Requirements& needed) {
  const unsigned cuda = needed.cuda_version / 1000, major = needed.cudnn_major;
  return {.title = "cuDNN",
          .file = fmt::format("libcudnn.so.{}", needed.cudnn_major),
          .needed = fmt::format("cuDNN {} for CUDA {}", needed.cudnn_major, cuda),
          .pip_packages = fmt::format("nvidia-cudnn-cu{}", cuda),
          // What users of the convolutions and of pooling need: all but libcudnn_adv. The first convolution would load
          // them all.
          .parts = cudnn_parts({"graph", "ops", "cnn", "heuristic", "engines_precompiled", "engines_runtime_compiled"},
                               major),
          .newer_parts = cudnn_parts({"ext", "engines_tensor_ir"}, major),  // as of 9.28
          .version = [needed](void* handle) { return cudnn_version(handle, needed); }};
}

WantedLibrary cublas(const Requirements& needed) {
  return {.title = "cuBLAS",
          .file = fmt::format("libcublas.so.{}", needed.cublas_major),
          .needed = fmt::format("cuBLAS {}", needed.cublas_major),
          .pip_packages = fmt::format("'nvidia-cublas=={}.*'", needed.cublas_major),
          .parts = {},
          .newer_parts = {},
          .version = [needed](void* handle) { return cublas_version(handle, needed); }};
}

std::string fix_of_parts(const WantedLibrary& wanted) {
  return fmt::format(
      "install {} again (pip install --force-reinstall {}) or, where the system lacks libz.so.1, zlib (package zlib1g "
      "or zlib); {} cpu needs neither",
      wanted.title, wanted.pip_packages, setting("device"));
}

/// Whether the loader's `reason` is the driver's own library, which newer parts of cuDNN are linked with.
bool lacks_driver(const std::string& reason) { return reason.find("libcuda.so.1") != std::string::npos; }

std::string fix_of_driver() {
  return "libcuda.so.1 comes with NVIDIA's driver: install that where there is an NVIDIA GPU; " + setting("device") +
         " cpu needs neither";
}

/// Loads the library's parts for as long as the process lives; the library finds them under their names. Left to
/// itself, cuDNN ends the process when it is called and misses one. Returns what is wrong with a part, if anything is.
std::optional<std::string> load_parts(const WantedLibrary& wanted, const fs::path& folder) {
  const auto problem = [&](const fs::path& part, const std::string& text) {
    return fmt::format("{}, a part of {}, {}", printable(part.string()), wanted.title, text);
  };
  // cuDNN's parts are never unloaded, and would be taken for those of a whole cuDNN in the next place: so this looks
  // for all before it loads one.
  std::error_code error;
  for (const std::string& part : wanted.parts)
    if (!fs::exists(folder / part, error)) return problem(folder / part, "is missing");
  std::vector<std::string> present = wanted.parts;
  std::ranges::copy_if(wanted.newer_parts, std::back_inserter(present),
                       [&](const std::string& part) { return fs::exists(folder / part, error); });
  for (const std::string& part : present)
    if (!dlopen((folder / part).c_str(), RTLD_NOW | RTLD_LOCAL))
      return problem(folder / part, "cannot be loaded: " + printable(dlerror()));
  return std::nullopt;
}

}  // namespace

std::vector<WantedLibrary> wanted_libraries(const Requirements& needed) { return {cudnn(needed), cublas(needed)}; }

FoundLibrary load_library(const WantedLibrary& wanted, const std::vector<fs::path>& places) {
  std::optional<Error> unfit;
  const auto refuse = [&](const std::string& problem, const std::string& got, const std::string& hint) {
    if (unfit) return;
    if (lacks_driver(problem + got))
      unfit = device_error({.file = "CUDA", .problem = problem, .got = got, .hint = fix_of_driver()});
    else
      unfit = device_error({.file = "CUDA", .problem = problem, .expected = wanted.needed, .got = got, .hint = hint});
  };
  for (const fs::path& place : places) {
    const fs::path path = place / wanted.file;
    std::error_code error;
    if (!place.empty() && !fs::exists(path, error)) continue;
    // Not yet for the whole process: what proves unfit must not lend its functions to the module.
    void* const handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
      const std::string reason = printable(dlerror());
      if (!place.empty()) refuse(printable(path.string()) + " cannot be loaded", reason, fix(wanted));
      continue;
    }
    const fs::path found = loaded_path(handle, path);
    if (const auto problem = load_parts(wanted, found.parent_path())) {
      refuse(*problem, "", fix_of_parts(wanted));
      dlclose(handle);
      continue;
    }
    const WantedLibrary::Version version = wanted.version(handle);
    if (version.fit && dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL | RTLD_NODELETE))
      return {.title = wanted.title, .version = version.text, .path = found};
    refuse(fmt::format("{} is no {} that nib can use", printable(found.string()), wanted.title), version.text,
           fix(wanted));
    dlclose(handle);
  }
  if (unfit) throw *unfit;
  throw device_error({.file = "CUDA",
                      .problem = fmt::format("{} ({}) not found in {}", wanted.title, wanted.file, places_text(places)),
                      .expected = wanted.needed,
                      .hint = fix(wanted)});
}

}  // namespace nib::cuda
