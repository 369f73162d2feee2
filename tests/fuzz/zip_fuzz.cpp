// Any bytes, taken as a ZIP archive: refused with an Error, or entries as long as the archive says. And any bytes as
// two files of an archive: read as what they were.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "base/error.h"
#include "encodings/zip.h"

namespace {

using Bytes = std::vector<std::uint8_t>;

void check(bool condition) {
  if (!condition) std::abort();
}

void unpack(const Bytes& archive) {
  constexpr std::uint64_t most = 1 << 20;
  try {
    for (const nib::ZipEntry& entry : nib::zip_entries(archive, "input"))
      check(nib::zip_content(entry, most, "input").size() == entry.size);
  } catch (const nib::Error& error) {
    check(error.code() == nib::ExitCode::bad_input);
  }
}

void round_trip(std::span<const std::uint8_t> content) {
  const std::size_t cut = content.empty() ? 0 : content[0] % content.size();
  const std::vector<nib::ZipContent> files{{"one", content.first(cut)}, {"other", content.subspan(cut)}};
  const Bytes archive = nib::zip_bytes(files, "input");
  const std::vector<nib::ZipEntry> entries = nib::zip_entries(archive, "input");
  check(entries.size() == files.size());
  for (std::size_t index = 0; index < files.size(); ++index) {
    check(entries[index].name == files[index].name);
    check(nib::zip_content(entries[index], content.size(), "input") ==
          Bytes(files[index].bytes.begin(), files[index].bytes.end()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, data + size);
  unpack(bytes);
  round_trip(bytes);
  return 0;
}
