#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace nib {

/// What a download must keep to.
struct DownloadLimits {
  std::chrono::milliseconds connection{10'000};   ///< for the connection to be there
  std::chrono::seconds stall{30};                 ///< for which fewer than 1,000 bytes a second may come
  std::uint64_t bytes = std::uint64_t{64} << 20;  ///< of the file
  int redirects = 5;                              ///< to other addresses
  bool plain_from_loopback = false;               ///< http without a proxy, for tests, in place of https
};

/// "libcurl 7.88.1", which is loaded for it; empty where there is none or nib was built without it.
std::string download_library();

/// What to do where there is none.
std::string fix_of_download_library();

/// What an address has. Follows redirections to https alone, takes proxies from the environment as curl does, and gives
/// up when a signal asks for it, see requested_stop(). Throws Error (io) naming the address.
std::vector<std::uint8_t> download(const std::string& url, const DownloadLimits& limits);

}  // namespace nib
