#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace nib {

enum class PixelFormat : std::uint8_t { grey, grey_alpha, rgb };  ///< 8 bits a channel

/// A PNG file of packed pixels, row by row (libspng).
std::vector<std::uint8_t> encode_png(std::span<const std::uint8_t> pixels, std::size_t rows, std::size_t columns,
                                     PixelFormat format);

}  // namespace nib
