// Any bytes, taken as an IDX file of images and as one of labels: refused with an Error, or as long as the header says.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <vector>

#include "base/error.h"
#include "data/idx.h"
#include "data/idx_numbers.h"

namespace {

void check(bool condition) {
  if (!condition) std::abort();
}

void decode(const std::vector<std::uint8_t>& bytes, nib::IdxKind kind) {
  std::optional<nib::IdxContent> content;
  try {
    content = nib::decode_idx(bytes, kind, "input");
  } catch (const nib::Error& error) {
    check(error.code() == nib::ExitCode::bad_input);
    return;
  }
  const nib::IdxHeader& header = content->header;
  if (!content->gzipped && !nib::idx_numbers_header(bytes, kind)) check(content->bytes == bytes);
  check(header.count > 0 && header.rows > 0 && header.columns > 0);
  check(header.header_bytes() + std::size_t{header.count} * header.rows * header.columns == content->bytes.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::uint8_t> bytes(data, data + size);
  decode(bytes, nib::IdxKind::images);
  decode(bytes, nib::IdxKind::labels);
  return 0;
}
