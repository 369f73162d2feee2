#include "images/decoding/jpeg.h"

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "images/decoding/box_sums.h"
#include "images/decoding/colour_sums.h"
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

/// Chooses what libjpeg makes of the file's colours: all as it is in the file. Of YCbCr, Y is Rec. 601's luma.
void choose_colours(jpeg_decompress_struct& state, const std::string& source) {
  switch (state.jpeg_color_space) {
    case JCS_GRAYSCALE:
    case JCS_YCbCr:
    case JCS_RGB:
      state.out_color_space = state.jpeg_color_space;
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

struct Colour {
  int red, green, blue;
};

/// The colour of cyan, magenta, yellow and black ink: red, green and blue are what cyan, magenta and yellow let
/// through, less what black takes of each.
Colour colour_of_inks(std::span<const std::uint8_t> inks, bool inverted) {
  std::uint32_t clear[4];
  for (std::size_t ink = 0; ink < 4; ++ink) clear[ink] = inverted ? inks[ink] : 255u - inks[ink];
  const auto through = [&](std::size_t ink) { return static_cast<int>((clear[ink] * clear[3] + 127) / 255); };
  return {through(0), through(1), through(2)};
}

/// Takes rows of samples as libjpeg gives them.
class Rows {
 public:
  explicit Rows(const jpeg_decompress_struct& state)
      : space_(state.out_color_space),
        adobe_(state.saw_Adobe_marker != FALSE),
        light_(state.output_width),
        sums_(state.output_height, state.output_width),
        colours_(state.output_height, state.output_width, sums_.side()) {}

  void add(std::size_t row, std::span<const std::uint8_t> samples) {
    if (space_ == JCS_GRAYSCALE)
      std::ranges::copy(samples, light_.begin());
    else if (space_ == JCS_YCbCr)
      for (std::size_t column = 0; column < light_.size(); ++column, samples = samples.subspan(3)) {
        light_[column] = samples[0];
        colours_.add(row, column, {samples[1] - 128, samples[2] - 128});
      }
    else if (space_ == JCS_RGB)
      for (std::size_t column = 0; column < light_.size(); ++column, samples = samples.subspan(3))
        add(row, column, Colour{samples[0], samples[1], samples[2]});
    else
      for (std::size_t column = 0; column < light_.size(); ++column, samples = samples.subspan(4))
        add(row, column, colour_of_inks(samples.first(4), adobe_));
    sums_.add(row, light_);
  }

  GreyImage picture() const {
    GreyImage result = mean_light(sums_);
    result.coloured = space_ != JCS_GRAYSCALE;
    result.colours = colours_.mean();
    return result;
  }

 private:
  void add(std::size_t row, std::size_t column, const Colour& colour) {
    const auto part = [](int level) { return static_cast<std::uint32_t>(level); };
    light_[column] = luma(part(colour.red), part(colour.green), part(colour.blue));
    colours_.add(row, column, colour_difference(colour.red, colour.green, colour.blue));
  }

  J_COLOR_SPACE space_;
  bool adobe_;
  std::vector<std::uint16_t> light_;
  BoxSums sums_;
  ColourSums colours_;
};

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

  Rows rows(state);
  std::vector<std::uint8_t> samples(std::size_t{state.output_width} * static_cast<unsigned>(state.output_components));
  while (state.output_scanline < state.output_height) {
    const std::size_t row = state.output_scanline;
    decompressor.read_row(samples);
    rows.add(row, samples);
  }
  decompressor.finish();
  return turned_upright(rows.picture(), orientation);
}

}  // namespace nib
