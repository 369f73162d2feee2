#include "base/error.h"
#include "transfer/download.h"

namespace nib {

std::string download_library() { return ""; }

std::string fix_of_download_library() { return "install libcurl's headers (libcurl4-openssl-dev) and build nib again"; }

std::vector<std::uint8_t> download(const std::string& url, const DownloadLimits&) {
  throw io_error({.file = url, .problem = "nib was built without libcurl", .hint = fix_of_download_library()});
}

}  // namespace nib
