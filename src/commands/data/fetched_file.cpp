#include "commands/data/fetched_file.h"

#include <utility>

#include "base/error.h"
#include "base/hash.h"
#include "base/signals.h"
#include "cli/flags.h"
#include "data/idx.h"
#include "encodings/file_kind.h"

namespace nib {
namespace {

constexpr int rounds = 2;

/// Throws Error (bad input) unless the bytes are gzip data of the set's very file.
void check_file(const KnownSet& set, std::size_t role, const FetchedFile& file) {
  const FileKind kind = file_kind(file.bytes);
  if (kind != FileKind::gzip)
    throw input_error({.file = file.url,
                       .problem = "not gzip data",
                       .got = file.bytes.empty() ? "no bytes" : std::string(name_of(kind))});
  const IdxContent content = decode_idx(file.bytes, file_roles[role].kind, file.url);
  if (const std::string sha256 = to_hex(nib::sha256(content.bytes)); sha256 != set.sha256[role])
    throw input_error({.file = file.url,
                       .field = "SHA-256 of the inflated bytes",
                       .problem = "not the " + std::string(file_roles[role].stem) + " of " + std::string(set.title),
                       .expected = std::string(set.sha256[role]),
                       .got = sha256});
}

}  // namespace

FetchedFile fetch_file(const KnownSet& set, std::size_t role, const std::vector<std::string>& urls,
                       const DownloadLimits& limits, Streams& streams) {
  for (std::size_t tries = 0;; ++tries) {
    try {
      const std::string& url = urls[tries % urls.size()];
      FetchedFile file{.url = url, .bytes = download(url, limits)};
      check_file(set, role, file);
      return file;
    } catch (const Error& error) {
      if (tries + 1 == rounds * urls.size() || requested_stop() != 0) throw;
      streams.warn(error_line(error));
    }
  }
}

}  // namespace nib
