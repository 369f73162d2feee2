#pragma once

#include <cstdint>
#include <string_view>

#include "images/decoding/image_files.h"

namespace nib {

/// What a WebP file is made of: samples (row, column, channel) of red, green, blue and opacity.
struct WebpPicture {
  int rows = 0, columns = 0;
  Bytes rgba{};
  bool lossless = true;
};

/// Encoded by libwebp; a lossy one at quality 90. The colours under what is wholly transparent stay as they are.
Bytes webp_file(const WebpPicture& picture);

/// A picture of opaque greys.
WebpPicture grey_webp(int rows, int columns, const Bytes& light, bool lossless = true);

/// A file of 16 x 24 pixels of a few greys.
Bytes small_webp(bool lossless);

/// A chunk with its padding.
Bytes webp_chunk(std::string_view type, const Bytes& content);

/// A RIFF file of WebP's kind around chunks.
Bytes riff(const Bytes& chunks);

/// The content of VP8X for an image of that size, and its flags.
Bytes extended_header(std::uint8_t flags, std::uint32_t rows, std::uint32_t columns);

/// The same file in the extended format, with EXIF data.
Bytes with_exif(const Bytes& simple_file, std::uint32_t rows, std::uint32_t columns, const Bytes& exif);

}  // namespace nib
