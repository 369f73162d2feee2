#include "images/decoding/decode.h"

#include <fmt/core.h>

#include "base/error.h"
#include "base/text.h"
#include "images/decoding/format.h"
#include "images/decoding/heif.h"
#include "images/decoding/jpeg.h"
#include "images/decoding/png.h"
#include "images/decoding/pnm.h"
#include "images/decoding/webp.h"

namespace nib {

GreyImage decode_image(std::span<const std::uint8_t> bytes, const std::string& source) {
  if (bytes.size() > largest_image_file)
    throw input_error({.file = source,
                       .problem = "file is too large for an image",
                       .expected = fmt::format("at most {} bytes", with_commas(largest_image_file)),
                       .got = fmt::format("{} bytes", with_commas(bytes.size()))});
  const auto format = image_format(bytes);
  if (!format) throw foreign_image_error(bytes, source);
  switch (*format) {
    case ImageFormat::png:
      return decode_png(bytes, source);
    case ImageFormat::jpeg:
      return decode_jpeg(bytes, source);
    case ImageFormat::webp:
      return decode_webp(bytes, source);
    case ImageFormat::heif:
      return decode_heif(bytes, source);
    case ImageFormat::pnm:
      break;
  }
  return decode_pnm(bytes, source);
}

}  // namespace nib
