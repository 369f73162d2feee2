#include "base/own_place.h"

#include <dlfcn.h>
#include <link.h>

#include <system_error>

namespace nib {
namespace {

namespace fs = std::filesystem;

/// The shared library that has this code; empty where that is the program, whose name the loader does not know.
fs::path own_library() {
  Dl_info info{};
  void* map = nullptr;
  const auto here = reinterpret_cast<const void*>(&own_place);
  if (dladdr1(here, &info, &map, RTLD_DL_LINKMAP) == 0 || map == nullptr) return {};
  return static_cast<const link_map*>(map)->l_name;
}

OwnPlace find_own_place() {
  std::error_code error;
  const fs::path library = own_library();
  const fs::path file = library.empty() ? fs::read_symlink("/proc/self/exe", error) : fs::canonical(library, error);
  if (error) return {};
  OwnPlace place{.folder = file.parent_path(), .home = file.parent_path().parent_path()};
  // Debian has a folder for each architecture below lib.
  if (!library.empty() && place.home.filename() == "lib") place.home = place.home.parent_path();
  return place;
}

}  // namespace

const OwnPlace& own_place() {
  static const OwnPlace place = find_own_place();
  return place;
}

}  // namespace nib
