#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace nib {

/// The parts of a WebP file that matter for its picture. All are parts of the file's own bytes.
struct WebpChunks {
  std::span<const std::uint8_t> picture{};  ///< the file from its beginning to where its RIFF header says that it ends
  std::span<const std::uint8_t> exif{};     ///< content of EXIF, which begins with a TIFF header
};

/// Walks the chunks of a file that begins as a WebP does (RIFF, little-endian: WebP container specification) and checks
/// that each lies within the file; the canvas's size where the header has it. Bytes behind the RIFF's end are ignored.
/// Throws Error (bad input) that names the chunk and its byte; also for an animation.
WebpChunks read_webp_chunks(std::span<const std::uint8_t> file, const std::string& source);

}  // namespace nib
