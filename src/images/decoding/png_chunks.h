#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace nib {

/// The parts of a PNG file that matter for its picture. All are parts of the file's own bytes.
struct PngChunks {
  std::uint32_t rows = 0, columns = 0;
  std::vector<std::span<const std::uint8_t>> picture{};  ///< in this order a PNG file: signature, critical chunks, tRNS
  bool transparency = false;                             ///< there is a tRNS
  std::span<const std::uint8_t> exif{};                  ///< content of eXIf
};

/// Walks the chunks of a PNG file up to IEND and checks order, lengths, every CRC and the picture's size. What an
/// ancillary chunk holds is not looked at, but a damaged one is an error. Bytes behind IEND are ignored.
/// Throws Error (bad input) that names the chunk and its byte; also for an animation.
PngChunks read_png_chunks(std::span<const std::uint8_t> file, const std::string& source);

}  // namespace nib
