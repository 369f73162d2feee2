#pragma once

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

namespace nib {

/// The functions of libcurl that are used, of the library that the system has.
struct Curl {
  decltype(&curl_global_init) global_init = nullptr;
  decltype(&curl_version_info) version_info = nullptr;
  decltype(&curl_easy_init) easy_init = nullptr;
  decltype(&curl_easy_setopt) easy_setopt = nullptr;
  decltype(&curl_easy_perform) easy_perform = nullptr;
  decltype(&curl_easy_getinfo) easy_getinfo = nullptr;
  decltype(&curl_easy_strerror) easy_strerror = nullptr;
  decltype(&curl_easy_cleanup) easy_cleanup = nullptr;
};

/// Loads it at the first call, for as long as the process lives; null where there is none.
const Curl* curl();

}  // namespace nib
