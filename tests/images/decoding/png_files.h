#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "images/decoding/image_files.h"

namespace nib {

/// What a PNG file is made of. Samples are (row, column, channel), each up to 2^depth - 1.
struct PngPicture {
  std::uint32_t rows = 0, columns = 0;
  std::uint8_t type = 0, depth = 8;  ///< type: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA
  bool interlaced = false;
  std::vector<std::uint16_t> samples{};

  std::size_t channels() const;
};

Bytes zlib(const Bytes& content);
Bytes png_chunk(std::string_view type, const Bytes& content);
Bytes png_signature();
Bytes png_header(const PngPicture& picture);  ///< IHDR
Bytes png_data(const PngPicture& picture);    ///< IDAT

/// A whole file, with `chunks` (PLTE, tRNS, ...) before the data. Written here alone, so that both sides of libspng are
/// not wrong in the same way.
Bytes png_file(const PngPicture& picture, const Bytes& chunks = {});

/// A file of 5 x 4 grey pixels of noise.
Bytes small_png();

}  // namespace nib
