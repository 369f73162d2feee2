#pragma once

#include <cstdint>

#include "images/decoding/image_files.h"

namespace nib {

enum class JpegColours { grey, ycbcr, rgb, cmyk, ycck };

/// What a JPEG file is made of: samples (row, column, channel) of 1 (grey), 3 (ycbcr and rgb: red, green, blue) or 4
/// (cmyk and ycck) channels.
struct JpegPicture {
  std::uint32_t rows = 0, columns = 0;
  JpegColours colours = JpegColours::grey;
  Bytes samples{};
  bool progressive = false;
  bool scan_per_component = false;  ///< of a sequential file
  bool adobe_marker = true;         ///< of CMYK and YCCK
  Bytes app1{};                     ///< content of an APP1 segment, if any

  std::size_t channels() const;
};

/// Encoded by libjpeg at quality 95.
Bytes jpeg_file(const JpegPicture& picture);

/// A file of 16 x 24 pixels of a few greys.
Bytes small_jpeg(bool progressive);

/// Where a marker such as 0xDA (start of scan) stands for the last time.
std::size_t last_marker(const Bytes& file, std::uint8_t marker);

}  // namespace nib
