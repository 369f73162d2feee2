#include "images/decoding/image_size.h"

#include <fmt/core.h>

#include "base/error.h"
#include "base/text.h"
#include "images/decoding/decode.h"

namespace nib {

void check_image_size(std::uint64_t rows, std::uint64_t columns, const std::string& source) {
  const std::string size = fmt::format("{} x {} pixels", with_commas(columns), with_commas(rows));
  if (rows == 0 || columns == 0)
    throw input_error({.file = source, .field = "size", .problem = "image has no pixels", .got = size});
  Problem too_large{.file = source, .field = "size", .problem = "image is too large", .got = size};
  too_large.hint = "make it smaller: a digit needs no more than some hundred pixels a side";
  if (rows > largest_image_side || columns > largest_image_side) {
    too_large.expected = fmt::format("at most {} a side", with_commas(largest_image_side));
    throw input_error(too_large);
  }
  if (rows * columns > largest_image_pixels) {
    too_large.expected = fmt::format("at most {} pixels", with_commas(largest_image_pixels));
    throw input_error(too_large);
  }
}

}  // namespace nib
