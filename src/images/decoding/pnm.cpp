#include "images/decoding/pnm.h"

#include <fmt/core.h>

#include <limits>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "images/decoding/box_sums.h"
#include "images/decoding/colour_sums.h"
#include "images/decoding/image_size.h"
#include "images/decoding/luma.h"
#include "images/decoding/pnm_text.h"

namespace nib {
namespace {

using Bytes = std::span<const std::uint8_t>;

struct Header {
  bool plain = false, bitmap = false;
  std::size_t channels = 1;
  std::uint32_t columns = 0, rows = 0, largest = 1;  ///< sample

  std::size_t sample_bytes() const { return largest > 255 ? 2 : 1; }
  std::size_t row_samples() const { return columns * channels; }
  std::size_t row_bytes() const { return bitmap ? (columns + 7u) / 8u : row_samples() * sample_bytes(); }
};

Header read_header(PnmText& text, char kind, const std::string& source) {
  constexpr std::uint32_t any = std::numeric_limits<std::uint32_t>::max();
  Header header{.plain = kind <= '3', .bitmap = kind == '1' || kind == '4'};
  if (kind == '3' || kind == '6') header.channels = 3;
  header.columns = text.number("width", 0, any);
  header.rows = text.number("height", 0, any);
  check_image_size(header.rows, header.columns, source);
  if (!header.bitmap) header.largest = text.number("largest sample", 1, 65'535);
  return header;
}

/// Light from 0 to 255 for each sample from 0 to the largest, rounded. In a bitmap 1 is black.
std::vector<std::uint8_t> light_of_samples(const Header& header) {
  if (header.bitmap) return {255, 0};
  std::vector<std::uint8_t> light;
  light.reserve(header.largest + std::size_t{1});
  for (std::uint32_t sample = 0; sample <= header.largest; ++sample)
    light.push_back(static_cast<std::uint8_t>((sample * 255 + header.largest / 2) / header.largest));
  return light;
}

void read_plain_row(PnmText& text, const Header& header, std::span<std::uint16_t> samples) {
  for (std::uint16_t& sample : samples)
    sample = static_cast<std::uint16_t>(header.bitmap ? text.bit() : text.number("sample", 0, header.largest));
}

void read_raw_row(Bytes row, const Header& header, std::span<std::uint16_t> samples) {
  for (std::size_t index = 0; index < samples.size(); ++index)
    if (header.bitmap)
      samples[index] = (row[index / 8] >> (7 - index % 8)) & 1u;
    else if (header.sample_bytes() == 2)
      samples[index] = static_cast<std::uint16_t>(row[2 * index] << 8 | row[2 * index + 1]);
    else
      samples[index] = row[index];
}

void check_length(Bytes image, const Header& header, const std::string& source) {
  const std::uint64_t needed = std::uint64_t{header.rows} * header.row_bytes();
  if (image.size() < needed)
    throw input_error({.file = source,
                       .field = "pixels",
                       .problem = "file is cut off",
                       .expected = fmt::format("{} bytes of pixels by its header", with_commas(needed)),
                       .got = fmt::format("{} bytes", with_commas(image.size())),
                       .hint = "the file looks like an incomplete copy or download"});
}

/// Turns the samples of a row into light, in place; colours to a third of the row, which are added to those of the
/// picture. Returns whether there are any.
bool to_light(std::size_t row, std::span<std::uint16_t> samples, const Header& header,
              const std::vector<std::uint8_t>& light_of, ColourSums& colours, const std::string& source) {
  for (std::uint16_t& sample : samples) {
    if (sample >= light_of.size())
      throw input_error({.file = source,
                         .field = "pixels",
                         .problem = "a sample is larger than the header allows",
                         .expected = fmt::format("at most {}", with_commas(header.largest)),
                         .got = with_commas(sample)});
    sample = light_of[sample];
  }
  bool coloured = false;
  for (std::size_t column = 0; column < header.columns && header.channels > 1; ++column) {
    const auto colour = samples.subspan(3 * column, 3);
    if (colour[0] != colour[1] || colour[1] != colour[2]) {
      coloured = true;
      colours.add(row, column, colour_difference(colour[0], colour[1], colour[2]));
    }
    samples[column] = luma(colour[0], colour[1], colour[2]);
  }
  return coloured;
}

}  // namespace

GreyImage decode_pnm(Bytes bytes, const std::string& source) {
  constexpr std::size_t magic_bytes = 2;
  PnmText text(bytes, magic_bytes, source);
  const Header header = read_header(text, static_cast<char>(bytes[1]), source);
  if (!header.plain) {
    text.end_header();
    check_length(text.rest(), header, source);
  }
  const std::vector<std::uint8_t> light_of = light_of_samples(header);
  std::vector<std::uint16_t> samples(header.row_samples());
  BoxSums sums(header.rows, header.columns);
  ColourSums colours(header.rows, header.columns, sums.side());
  bool coloured = false;
  for (std::size_t row = 0; row < header.rows; ++row) {
    if (header.plain)
      read_plain_row(text, header, samples);
    else
      read_raw_row(text.bytes(header.row_bytes()), header, samples);
    coloured |= to_light(row, samples, header, light_of, colours, source);
    sums.add(row, std::span(samples).first(header.columns));
  }
  text.expect_end(header.plain);
  GreyImage result = mean_light(sums);
  result.coloured = coloured;
  result.colours = colours.mean();
  return result;
}

}  // namespace nib
