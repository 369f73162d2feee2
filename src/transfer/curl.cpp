#include "transfer/curl.h"

#include <dlfcn.h>

#include <optional>

namespace nib {
namespace {

template <typename Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

std::optional<Curl> load() {
  void* library = nullptr;
  for (const char* const name : {"libcurl.so.4", "libcurl-gnutls.so.4"})
    if (library == nullptr) library = dlopen(name, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) return std::nullopt;
  Curl curl;
  const bool whole =
      find(library, "curl_global_init", curl.global_init) && find(library, "curl_version_info", curl.version_info) &&
      find(library, "curl_easy_init", curl.easy_init) && find(library, "curl_easy_setopt", curl.easy_setopt) &&
      find(library, "curl_easy_perform", curl.easy_perform) && find(library, "curl_easy_getinfo", curl.easy_getinfo) &&
      find(library, "curl_easy_strerror", curl.easy_strerror) && find(library, "curl_easy_cleanup", curl.easy_cleanup);
  if (!whole || curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return std::nullopt;
  return curl;
}

}  // namespace

const Curl* curl() {
  static const std::optional<Curl> loaded = load();
  return loaded ? &*loaded : nullptr;
}

}  // namespace nib
