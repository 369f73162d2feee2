#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "cli/streams.h"
#include "data/known_sets.h"
#include "transfer/download.h"

namespace nib {

/// A file of a known set as it came from a mirror.
struct FetchedFile {
  std::string url;
  std::vector<std::uint8_t> bytes;  ///< gzip data
};

/// Fetches the file of the set that has this role, from the first of the addresses that gives the right one; all of
/// them are tried twice. Each that does not is warned of, the last one is thrown: Error (io), also where a signal asks
/// for a stop, or bad input.
FetchedFile fetch_file(const KnownSet& set, std::size_t role, const std::vector<std::string>& urls,
                       const DownloadLimits& limits, Streams& streams);

}  // namespace nib
