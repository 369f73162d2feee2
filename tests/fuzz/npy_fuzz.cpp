// Any bytes, taken as a NumPy array: refused with an Error, or an array that is whole and comes back from its own file.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "base/error.h"
#include "encodings/npy.h"

namespace {

void check(bool condition) {
  if (!condition) std::abort();
}

void check_array(const nib::NpyArray& array) {
  std::size_t size = array.item_bytes;
  for (const std::uint32_t length : array.shape) size *= length;
  check(array.bytes.size() == size);
  const nib::NpyArray again = nib::parse_npy(nib::npy_bytes(array), "output");
  check(again.kind == array.kind && again.item_bytes == array.item_bytes);
  check(again.shape == array.shape && again.bytes == array.bytes);
  if (const auto text = nib::npy_text(array)) check(array.shape.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    check_array(nib::parse_npy({data, size}, "input"));
  } catch (const nib::Error& error) {
    check(error.code() == nib::ExitCode::bad_input);
  }
  return 0;
}
