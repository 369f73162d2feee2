#include "images/decoding/jpeg.h"

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "images/decoding/box_sums.h"
#include "images/decoding/exif.h"
#include "images/decoding/image_size.h"
#include "images/decoding/jpeg_decompressor.h"
#include "images/decoding/luma.h"
#include "images/decoding/orientation.h"

namespace nib {
namespace {

constexpr unsigned full_scale = 8;  // libjpeg scales by eighths, within its transform

/// The largest number of eighths that leaves at most largest_decoded_side pixels a side, or the smallest there is.
unsigned fitting_scale(const jpeg_decompress_struct& state) {
  const std::size_t side = std::max(state.image_width, state.image_height);
  unsigned scale = full_scale;
  while (scale > 1 && (side * scale + full_scale - 1) / full_scale > largest_decoded_side) --scale;
  return scale;
}

/// Of the first segment that has one.
Orientation orientation_of(const jpeg_decompress_struct& state) {
  Orientation orientation = upright;
  for (const jpeg_marker_struct* marker = state.marker_list; marker != nullptr && orientation == upright;
       marker = marker->next)
    orientation = app1_orientation({marker->data, marker->data_length});
  return orientation;
}

/// Chooses what libjpeg makes of the file's colours: grey (for YCbCr that is Y, which is Rec. 601's luma), or CMYK.
void choose_colours(jpeg_decompress_struct& state, const std::string& source) {
  switch (state.jpeg_color_space) {
    case JCS_GRAYSCALE:
    case JCS_YCbCr:
    case JCS_RGB:
      state.out_color_space = JCS_GRAYSCALE;
      return;
    case JCS_CMYK:
    case JCS_YCCK:
      state.out_color_space = JCS_CMYK;
      return;
    default:
      throw input_error({.file = source,
                         .field = "JPEG",
                         .problem = "unknown kind of colour",
                         .expected = "grey, YCbCr, RGB, CMYK or YCCK",
                         .got = std::to_string(state.num_components) + " components"});
  }
}

/// The light of cyan, magenta, yellow and black ink: red, green and blue are what cyan, magenta and yellow let through,
/// less what black takes of each.
std::uint8_t light_of_inks(std::span<const std::uint8_t> inks, bool inverted) {
  std::uint32_t clear[4];
  for (std::size_t ink = 0; ink < 4; ++ink) clear[ink] = inverted ? inks[ink] : 255u - inks[ink];
  const auto through = [&](std::size_t ink) { return (clear[ink] * clear[3] + 127) / 255; };
  return luma(through(0), through(1), through(2));
}

void add_row(std::size_t row, std::span<const std::uint8_t> samples, bool adobe, std::vector<std::uint16_t>& light,
             BoxSums& sums) {
  if (samples.size() == light.size())
    std::ranges::copy(samples, light.begin());
  else
    for (std::size_t column = 0; column < light.size(); ++column)
      light[column] = light_of_inks(samples.subspan(4 * column, 4), adobe);
  sums.add(row, light);
}

}  // namespace

GreyImage decode_jpeg(std::span<const std::uint8_t> bytes, const std::string& source) {
  JpegDecompressor decompressor(bytes, source);
  jpeg_decompress_struct& state = decompressor.state();
  check_image_size(state.image_height, state.image_width, source);
  choose_colours(state, source);
  const Orientation orientation = orientation_of(state);
  state.scale_num = fitting_scale(state);
  state.scale_denom = full_scale;
  decompressor.start();

  BoxSums sums(state.output_height, state.output_width);
  std::vector<std::uint8_t> samples(std::size_t{state.output_width} * static_cast<unsigned>(state.output_components));
  std::vector<std::uint16_t> light(state.output_width);
  while (state.output_scanline < state.output_height) {
    const std::size_t row = state.output_scanline;
    decompressor.read_row(samples);
    add_row(row, samples, state.saw_Adobe_marker != FALSE, light, sums);
  }
  decompressor.finish();
  GreyImage result = turned_upright(mean_light(sums), orientation);
  result.coloured = state.num_components > 1;
  return result;
}

}  // namespace nib
