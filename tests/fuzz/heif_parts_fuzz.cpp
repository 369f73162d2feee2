// Any bytes, taken as the outermost boxes of a HEIF file, and as what the process that decodes one hands back: refused
// with an Error, or part of the bytes, or a picture within the limits. What that process itself does is not tried here.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "base/error.h"
#include "images/decoding/decode.h"
#include "images/decoding/heif_boxes.h"
#include "images/decoding/picture_pieces.h"

namespace {

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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> bytes(data, size);
  expect_error_or_result([&] { check(nib::heif_boxes(bytes, "input").size() <= size); });
  expect_error_or_result([&] {
    const nib::GreyImage image = nib::picture_of(bytes, "HEIC", "input");
    check(std::min(image.rows, image.columns) >= 1);
    check(std::max(image.rows, image.columns) <= nib::largest_decoded_side);
    check(image.light.size() == image.rows * image.columns);
  });
  return 0;
}
