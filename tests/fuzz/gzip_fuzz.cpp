// Any bytes, taken as a gzip file: refused with an Error, or inflated to exactly the size that was asked for. And any
// bytes, compressed as two members: inflated to what they were.
#include <libdeflate.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "base/error.h"
#include "data/idx.h"
#include "encodings/gzip.h"

namespace {

using Bytes = std::vector<std::uint8_t>;

void check(bool condition) {
  if (!condition) std::abort();
}

template <typename Action>
void expect_error_or_result(const Action& action) {
  try {
    action();
  } catch (const nib::Error& error) {
    check(error.code() == nib::ExitCode::bad_input);
  }
}

void inflate(const Bytes& file) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{10}, std::size_t{1000}})
    expect_error_or_result([&] { check(nib::gunzip(file, size, "input").size() == size); });
  for (const nib::IdxKind kind : {nib::IdxKind::images, nib::IdxKind::labels})
    expect_error_or_result([&] {
      const nib::IdxContent content = nib::decode_idx(file, kind, "input");
      check(content.bytes.size() == content.header.file_bytes());
    });
}

void append_member(Bytes& file, std::span<const std::uint8_t> content) {
  static libdeflate_compressor* compressor = libdeflate_alloc_compressor(1);
  const std::size_t begin = file.size();
  file.resize(begin + libdeflate_gzip_compress_bound(compressor, content.size()));
  file.resize(begin + libdeflate_gzip_compress(compressor, content.data(), content.size(), file.data() + begin,
                                               file.size() - begin));
}

void round_trip(const Bytes& content) {
  const std::size_t cut = content.empty() ? 0 : content[0] % content.size();
  const std::span<const std::uint8_t> all(content);
  Bytes file;
  append_member(file, all.first(cut));
  append_member(file, all.subspan(cut));
  check(nib::gunzip(file, content.size(), "input") == content);
  const Bytes beginning = nib::gzip_beginning(file, 16, "input");
  check(beginning ==
        Bytes(content.begin(), content.begin() + std::ptrdiff_t(std::min<std::size_t>(16, content.size()))));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, data + size);
  inflate(bytes);
  round_trip(bytes);
  return 0;
}
