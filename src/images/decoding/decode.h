#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace nib {

/// How far the colours of an image are from grey: Rec. 601's differences of blue and of red to the light (Cb and Cr),
/// 128 for none, in the mean over square boxes of colour_factor() pixels a side.
struct Colours {
  std::size_t rows = 0, columns = 0;        ///< of boxes; 0 of an image that is grey
  std::vector<std::uint8_t> blue{}, red{};  ///< (row, column)
  bool operator==(const Colours&) const = default;
};

/// A grey image as a person sees it.
struct GreyImage {
  std::size_t rows = 0, columns = 0;
  std::vector<std::uint8_t> light{};  ///< (row, column), 0 is black, 255 is white
  bool coloured = false;              ///< the file had colours (a JPEG: had room for them) that are no grey
  Colours colours{};                  ///< where there are any

  std::uint8_t at(std::size_t row, std::size_t column) const { return light[row * columns + column]; }
};

// Of what a file may hold:
inline constexpr std::uint64_t largest_image_file = std::uint64_t{64} << 20;    ///< bytes
inline constexpr std::uint64_t largest_image_pixels = std::uint64_t{64} << 20;  ///< rows times columns
inline constexpr std::uint32_t largest_image_side = 32'768;                     ///< rows or columns
// Of what comes out:
inline constexpr std::size_t largest_decoded_side = 2048;  ///< rows or columns
inline constexpr std::size_t largest_colour_side = 700;    ///< rows or columns of boxes of colour

/// How many pixels of an image (a side) are one box of its colours: the smallest number that leaves so few.
inline std::size_t colour_factor(std::size_t rows, std::size_t columns) {
  return (std::max(rows, columns) + largest_colour_side - 1) / largest_colour_side;
}

/// Decodes an image file: PNG, JPEG, PBM, PGM or PPM, and where their libraries are here WebP and HEIC. Which it is, is
/// found from the content, not from a name.
///
/// - Colours become grey by Rec. 601: (299 red + 587 green + 114 blue) / 1000, rounded. Of 16-bit PNG the upper 8 bits
///   count, and of HEIC of more than 8. Gamma and colour profiles are ignored.
/// - Transparent images are put on white or on black, whichever lets their content be seen (see transparency.h).
/// - The orientation in a JPEG's, PNG's or WebP's EXIF data is applied, and that of a HEIC's own properties.
/// - What has more than largest_decoded_side rows or columns is reduced by the smallest whole factor that fits, to the
///   mean of each box of pixels; JPEGs before that to the largest number of eighths that fits; WebPs by libwebp's own
///   means.
///
/// Memory: at most 200 MB beside `bytes`, below 50 MB but for progressive JPEGs and large WebPs; HEICs are decoded in a
/// process of its own, see heif.h. Throws Error (bad input) that names
/// `source`: for files that are damaged, cut off or of other formats, and for what is over the limits above, which is
/// seen before anything is allocated for it.
GreyImage decode_image(std::span<const std::uint8_t> bytes, const std::string& source);

}  // namespace nib
