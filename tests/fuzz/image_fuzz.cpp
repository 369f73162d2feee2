// Any bytes, taken as an image file: refused with an Error, or an image of 1 to 2,048 rows and columns, in which a
// stroke is found or not. A PNG file is tried a second time with the checksums of its chunks set right, or hardly
// anything would come past them. What begins as a HEIF file is left out: a process of its own decodes it, without these
// sanitizers (see heif_parts_fuzz.cpp).
#include <libdeflate.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <vector>

#include "base/error.h"
#include "images/decoding/decode.h"
#include "images/decoding/exif.h"
#include "images/decoding/format.h"
#include "images/preparation/prepare.h"

namespace {

using Bytes = std::vector<std::uint8_t>;

void check(bool condition) {
  if (!condition) std::abort();
}

void prepare(const nib::GreyImage& image) {
  try {
    const nib::PreparedImage prepared = nib::prepare_image(image, 28, 28, "input");
    check(prepared.image.pixels.size() == std::size_t{28} * 28);
    check(prepared.box.row + prepared.box.rows <= image.rows);
    check(prepared.box.column + prepared.box.columns <= image.columns);
  } catch (const nib::Error& error) {
    check(error.code() == nib::ExitCode::bad_input);
  }
}

void decode(const Bytes& file) {
  std::optional<nib::GreyImage> image;
  try {
    image = nib::decode_image(file, "input");
  } catch (const nib::Error& error) {
    check(error.code() == nib::ExitCode::bad_input);
    return;
  }
  check(nib::image_format(file).has_value());
  check(std::min(image->rows, image->columns) >= 1);
  check(std::max(image->rows, image->columns) <= nib::largest_decoded_side);
  check(image->light.size() == image->rows * image->columns);
  prepare(*image);
}

void set_checksums_right(Bytes& png) {
  constexpr std::size_t signature = 8, length_and_type = 8, crc = 4;
  for (std::size_t begin = signature; png.size() - begin >= length_and_type + crc;) {
    std::uint64_t content = 0;
    for (std::size_t index = 0; index < 4; ++index) content = content << 8 | png[begin + index];
    if (content > png.size() - begin - length_and_type - crc) return;
    const std::size_t end = begin + length_and_type + content;
    const std::uint32_t sum = libdeflate_crc32(0, png.data() + begin + 4, end - begin - 4);
    for (std::size_t index = 0; index < crc; ++index)
      png[end + index] = static_cast<std::uint8_t>(sum >> (24 - 8 * index));
    begin = end + crc;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes file(data, data + size);
  if (nib::image_format(file) == nib::ImageFormat::heif) return 0;
  decode(file);
  check(nib::exif_orientation(file) >= 1 && nib::exif_orientation(file) <= 8);
  if (nib::image_format(file) == nib::ImageFormat::png) {
    set_checksums_right(file);
    decode(file);
  }
  return 0;
}
