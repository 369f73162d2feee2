#include "images/decoding/webp.h"

#include <fmt/core.h>
#include <webp/decode.h>

#include <algorithm>
#include <new>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "images/decoding/exif.h"
#include "images/decoding/image_size.h"
#include "images/decoding/orientation.h"
#include "images/decoding/transparency.h"
#include "images/decoding/webp_chunks.h"

namespace nib {
namespace {

constexpr int lossless = 2;  // WebPBitstreamFeatures::format

Problem problem_of(VP8StatusCode status, const std::string& source) {
  Problem problem{.file = source, .field = "WebP"};
  switch (status) {
    case VP8_STATUS_OUT_OF_MEMORY:
      throw std::bad_alloc();
    case VP8_STATUS_NOT_ENOUGH_DATA:
    case VP8_STATUS_SUSPENDED:
      problem.problem = "cannot be decoded: its data end before the picture does";
      problem.hint = "the file looks like an incomplete copy or download";
      break;
    case VP8_STATUS_UNSUPPORTED_FEATURE:
      problem.problem = "cannot be decoded: libwebp does not know what it uses";
      break;
    default:
      problem.problem = "cannot be decoded: libwebp finds its data damaged";
  }
  return problem;
}

void check(VP8StatusCode status, const std::string& source) {
  if (status != VP8_STATUS_OK) throw input_error(problem_of(status, source));
}

/// libwebp's reading of the header, within the limits.
WebPBitstreamFeatures features_of(std::span<const std::uint8_t> picture, const std::string& source) {
  WebPBitstreamFeatures features{};
  check(WebPGetFeatures(picture.data(), picture.size(), &features), source);
  const auto rows = static_cast<std::uint64_t>(features.height), columns = static_cast<std::uint64_t>(features.width);
  check_image_size(rows, columns, source);
  if (features.format == lossless && rows * columns > largest_lossless_webp)
    throw input_error(
        {.file = source,
         .field = "WebP",
         .problem = "decoding it needs too much memory",
         .expected = fmt::format("at most {} pixels of a lossless one", with_commas(largest_lossless_webp)),
         .got = with_commas(rows * columns),
         .hint = "make it smaller: a digit needs no more than some hundred pixels a side"});
  return features;
}

TransparentImage decoded(std::span<const std::uint8_t> picture, const WebPBitstreamFeatures& features,
                         const std::string& source) {
  constexpr auto most = static_cast<int>(largest_decoded_side);
  const int factor = (std::max(features.width, features.height) + most - 1) / most;
  const int columns = (features.width + factor - 1) / factor, rows = (features.height + factor - 1) / factor;
  std::vector<std::uint8_t> rgba(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns) * 4);

  WebPDecoderConfig settings;
  if (WebPInitDecoderConfig(&settings) == 0) throw std::bad_alloc();  // no other version fits: it is linked
  settings.options.use_scaling = factor > 1 ? 1 : 0;
  settings.options.scaled_width = columns;
  settings.options.scaled_height = rows;
  settings.output.colorspace = MODE_RGBA;
  settings.output.is_external_memory = 1;
  settings.output.u.RGBA = {.rgba = rgba.data(), .stride = columns * 4, .size = rgba.size()};
  const VP8StatusCode status = WebPDecode(picture.data(), picture.size(), &settings);
  WebPFreeDecBuffer(&settings.output);
  check(status, source);

  TransparentImage image(static_cast<std::size_t>(rows), static_cast<std::size_t>(columns));
  const auto row_bytes = static_cast<std::size_t>(columns) * 4;
  for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row)
    image.add(row, std::span(rgba).subspan(row * row_bytes, row_bytes), {});
  return image;
}

}  // namespace

GreyImage decode_webp(std::span<const std::uint8_t> bytes, const std::string& source) {
  const WebpChunks chunks = read_webp_chunks(bytes, source);
  const TransparentImage image = decoded(chunks.picture, features_of(chunks.picture, source), source);
  return turned_upright(visible_image(image, "WebP", source), exif_orientation(chunks.exif));
}

std::string webp_library() {
  const int version = WebPGetDecoderVersion();
  return fmt::format("libwebp {}.{}.{}", version >> 16, version >> 8 & 0xFF, version & 0xFF);
}

std::string fix_of_webp_library() { return ""; }

}  // namespace nib
