#include "images/decoding/transparency.h"

#include "base/error.h"
#include "images/decoding/luma.h"

namespace nib {
namespace {

constexpr std::uint32_t white = 255, opaque = 255;

}  // namespace

TransparentImage::TransparentImage(std::size_t rows, std::size_t columns)
    : light_(rows, columns),
      opacity_(rows, columns),
      colours_(rows, columns, light_.side()),
      image_pixels_(std::uint64_t{rows} * columns) {}

void TransparentImage::add(std::size_t row, std::span<const std::uint8_t> rgba, Columns columns) {
  const std::size_t pixels = rgba.size() / 4;
  light_row_.resize(pixels);
  opacity_row_.resize(pixels);
  for (std::size_t index = 0; index < pixels; ++index) {
    const std::uint8_t* const pixel = rgba.data() + 4 * index;
    const std::uint32_t light = luma(pixel[0], pixel[1], pixel[2]), opacity = pixel[3], weighted = opacity * light;
    light_row_[index] = static_cast<std::uint16_t>(weighted);
    opacity_row_[index] = static_cast<std::uint16_t>(opacity);
    opacity_total_ += opacity;
    light_total_ += weighted;
    squares_total_ += std::uint64_t{weighted} * light;
    if (opacity == 0 || (pixel[0] == pixel[1] && pixel[1] == pixel[2])) continue;
    coloured_ = true;
    const ColourDifference full = colour_difference(pixel[0], pixel[1], pixel[2]);
    const int seen = static_cast<int>(opacity), whole = static_cast<int>(opaque);
    colours_.add(row, columns.first + index * columns.step, {full.blue * seen / whole, full.red * seen / whole});
  }
  light_.add(row, light_row_, columns);
  opacity_.add(row, opacity_row_, columns);
}

std::uint8_t TransparentImage::background() const {
  constexpr double largest_deviation_of_ink = 16;
  const auto total = static_cast<double>(opacity_total_);
  const double mean = static_cast<double>(light_total_) / total;
  const double variance = static_cast<double>(squares_total_) / total - mean * mean;
  const bool covers_half = 2 * opacity_total_ >= opaque * image_pixels_;
  const bool sheet = covers_half && variance > largest_deviation_of_ink * largest_deviation_of_ink;
  const bool light = mean > white / 2.0;
  return light == sheet ? white : 0;
}

GreyImage TransparentImage::composed() const {
  const std::uint32_t behind = background();
  GreyImage image{.rows = light_.rows(), .columns = light_.columns()};
  image.light.reserve(image.rows * image.columns);
  for (std::size_t row = 0; row < image.rows; ++row)
    for (std::size_t column = 0; column < image.columns; ++column) {
      const std::uint32_t whole = opaque * light_.pixels(row, column);
      const std::uint32_t sum = light_.sum(row, column) + behind * (whole - opacity_.sum(row, column));
      image.light.push_back(static_cast<std::uint8_t>((sum + whole / 2) / whole));
    }
  image.colours = colours_.mean();
  return image;
}

GreyImage visible_image(const TransparentImage& image, const std::string& format, const std::string& source) {
  if (image.invisible())
    throw input_error({.file = source,
                       .field = format,
                       .problem = "nothing can be seen: every pixel is wholly transparent",
                       .hint = "save it on a white background"});
  GreyImage result = image.composed();
  result.coloured = image.coloured();
  return result;
}

}  // namespace nib
