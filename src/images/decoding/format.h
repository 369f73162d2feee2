#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/error.h"

namespace nib {

enum class ImageFormat { png, jpeg, pnm, webp, heif };

inline constexpr std::size_t image_magic_bytes = 12;  ///< as much of a file as image_format() looks at

/// What a file is by its first bytes; nullopt for all that nib does not decode. WebP and HEIF are among them where nib
/// was built without their libraries, too.
std::optional<ImageFormat> image_format(std::span<const std::uint8_t> bytes);

/// "a PNG image", "a HEIC photo": what picture a file is by its first bytes; empty for all that is none.
std::string picture_name(std::span<const std::uint8_t> bytes);

/// "PNG, JPEG, WebP, HEIC, PBM, PGM or PPM": without those whose libraries are not here.
std::string readable_formats();

/// The error for a file that is none of these formats, or whose library is not here: it names what the file is instead,
/// and what to do about it.
Error foreign_image_error(std::span<const std::uint8_t> bytes, const std::string& source);

}  // namespace nib
