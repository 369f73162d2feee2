// Any bytes, taken as an HDF5 file whose texts are looked for, and as what a child hands back of one: refused with an
// Error, or read.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include "base/error.h"
#include "hdf5/attribute_texts.h"
#include "hdf5/pieces.h"

namespace {

template <typename Action>
void expect_error_or_result(const Action& action) {
  try {
    action();
  } catch (const nib::Error& error) {
    if (error.code() != nib::ExitCode::bad_input) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> bytes(data, size);
  for (const std::uint64_t header : {std::uint64_t{0}, std::uint64_t{48}, std::uint64_t{96}, ~std::uint64_t{0}})
    for (const char* name : {"model_config", "layer_names"})
      expect_error_or_result([&] { nib::attribute_texts(bytes, header, name); });
  expect_error_or_result([&] { nib::hdf5::read_pieces(bytes, "input"); });
  return 0;
}
