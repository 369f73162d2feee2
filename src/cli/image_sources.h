#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace nib {

/// One image that a user named, or that lies in a folder which they named.
struct ImageSource {
  std::string path;                ///< "-" is standard input
  std::optional<Error> problem{};  ///< of a folder that cannot be listed or has no images
};

/// What the arguments stand for, in their order: files as they are, and of a folder its files that end in .png, .jpg,
/// .jpeg, .pgm, .pbm, .ppm or .pnm in any case, by name, without hidden ones and those of folders in it. Throws Error
/// (usage) when standard input is named more than once.
std::vector<ImageSource> image_sources(const std::vector<std::string>& arguments);

/// How messages and documents name a source.
std::string source_name(const ImageSource& source);

/// The bytes of a source, at most as many as an image file may have; a pipe is read to its end. Throws Error: the
/// source's own problem; io for what cannot be read; bad input for what is too large, a socket or a device.
std::vector<std::uint8_t> read_source(const ImageSource& source);

/// Names of PNG files for the sources' pictures, each once: the source's name without folder and ending, what is no
/// ASCII letter, digit, dot, dash or underscore replaced by "_", then "-steps", and a number from 2 where it is taken.
std::vector<std::string> picture_names(const std::vector<ImageSource>& sources);

}  // namespace nib
