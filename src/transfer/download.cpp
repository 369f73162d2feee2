#include "transfer/download.h"

#include <fmt/core.h>

#include <array>
#include <memory>
#include <new>

#include "base/error.h"
#include "base/signals.h"
#include "base/text.h"
#include "transfer/curl.h"

namespace nib {
namespace {

constexpr long slowest = 1000;  // bytes a second

class Download {
 public:
  Download(const Curl& curl, const std::string& url, const DownloadLimits& limits)
      : curl_(curl), url_(url), limits_(limits), handle_(curl.easy_init(), curl.easy_cleanup) {
    if (!handle_) throw std::bad_alloc();
    const char* const protocols = limits.plain_from_loopback ? "http" : "https";
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PROTOCOLS_STR, protocols);
    set(CURLOPT_REDIR_PROTOCOLS_STR, protocols);
    if (limits.plain_from_loopback) set(CURLOPT_PROXY, "");
    set(CURLOPT_FOLLOWLOCATION, 1L);
    set(CURLOPT_MAXREDIRS, long{limits.redirects});
    set(CURLOPT_FAILONERROR, 1L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connection.count()));
    set(CURLOPT_LOW_SPEED_LIMIT, slowest);
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(limits.stall.count()));
    set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(limits.bytes));
    set(CURLOPT_USERAGENT, "nib");
    set(CURLOPT_ERRORBUFFER, message_.data());
    set(CURLOPT_WRITEFUNCTION, &Download::take);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &Download::go_on);
  }

  std::vector<std::uint8_t> run() {
    if (const CURLcode code = curl_.easy_perform(handle_.get()); code != CURLE_OK) throw error(code);
    return std::move(bytes_);
  }

 private:
  template <typename Value>
  void set(CURLoption option, Value value) {
    if (const CURLcode code = curl_.easy_setopt(handle_.get(), option, value); code != CURLE_OK)
      throw io_error({.file = "libcurl",
                      .problem = fmt::format("does not know option {}", static_cast<int>(option)),
                      .expected = "libcurl 7.85 or later",
                      .got = curl_.version_info(CURLVERSION_NOW)->version});
  }

  /// Less than it got where there is no room.
  static std::size_t take(const char* data, std::size_t, std::size_t count, void* self) noexcept {
    Download& download = *static_cast<Download*>(self);
    download.too_large_ = count > download.limits_.bytes - download.bytes_.size();
    if (download.too_large_) return 0;
    try {
      download.bytes_.insert(download.bytes_.end(), data, data + count);
    } catch (const std::bad_alloc&) {
      return 0;
    }
    return count;
  }

  static int go_on(void*, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept { return requested_stop(); }

  template <typename Value>
  Value ask(CURLINFO info) const {
    Value value{};
    curl_.easy_getinfo(handle_.get(), info, &value);
    return value;
  }

  Error error(CURLcode code) const { return io_error({.file = url_, .problem = problem(code)}); }

  std::string problem(CURLcode code) const {
    switch (code) {
      case CURLE_OPERATION_TIMEDOUT:
        if (ask<curl_off_t>(CURLINFO_CONNECT_TIME_T) == 0)
          return fmt::format("no connection in {} ms", limits_.connection.count());
        return fmt::format("stalled after {} bytes: fewer than {} a second for {} s", with_commas(bytes_.size()),
                           with_commas(slowest), limits_.stall.count());
      case CURLE_HTTP_RETURNED_ERROR:
        return fmt::format("the server answers {}", ask<long>(CURLINFO_RESPONSE_CODE));
      case CURLE_TOO_MANY_REDIRECTS:
        return fmt::format("redirected more than {} times", limits_.redirects);
      case CURLE_PARTIAL_FILE:
        return fmt::format("cut off after {} bytes", with_commas(bytes_.size()));
      case CURLE_ABORTED_BY_CALLBACK:
        return "stopped";
      case CURLE_UNSUPPORTED_PROTOCOL:
        return "leads to an address that is not https";
      default:
        if (too_large_ || code == CURLE_FILESIZE_EXCEEDED)
          return fmt::format("larger than {} bytes", with_commas(limits_.bytes));
        return message_.front() != '\0' ? message_.data() : curl_.easy_strerror(code);
    }
  }

  const Curl& curl_;
  const std::string& url_;
  const DownloadLimits& limits_;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle_;
  std::array<char, CURL_ERROR_SIZE> message_{};
  std::vector<std::uint8_t> bytes_;
  bool too_large_ = false;
};

}  // namespace

std::string download_library() {
  const Curl* const library = curl();
  return library == nullptr ? "" : std::string("libcurl ") + library->version_info(CURLVERSION_NOW)->version;
}

std::string fix_of_download_library() { return "install libcurl (apt install libcurl4)"; }

std::vector<std::uint8_t> download(const std::string& url, const DownloadLimits& limits) {
  const Curl* const library = curl();
  if (library == nullptr)
    throw io_error({.file = url, .problem = "libcurl is not here", .hint = fix_of_download_library()});
  return Download(*library, url, limits).run();
}

}  // namespace nib
