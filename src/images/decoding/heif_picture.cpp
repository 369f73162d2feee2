#include "images/decoding/heif_picture.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "images/decoding/heif.h"
#include "images/decoding/image_size.h"
#include "images/decoding/transparency.h"

namespace nib {
namespace {

template <typename Thing, typename Free>
std::unique_ptr<Thing, Free> owned(Thing* thing, Free free) {
  return {thing, free};
}

void check(const heif_error& result, const std::string& source) {
  if (result.code == heif_error_Ok) return;
  if (result.code == heif_error_Memory_allocation_error && result.subcode != heif_suberror_Security_limit_exceeded)
    throw std::bad_alloc();
  std::string words = result.message != nullptr ? result.message : "";
  while (words.ends_with('\n')) words.pop_back();
  Problem problem{.file = source, .field = "HEIC", .problem = "cannot be decoded: " + words};
  if (result.subcode == heif_suberror_End_of_data) problem.hint = "the file looks like an incomplete copy or download";
  if (result.subcode == heif_suberror_Unsupported_codec) {
    const std::string fix = fix_of_heif_library();
    problem.hint = fix.empty() ? "save it as JPEG or PNG with any image program" : fix;
  }
  throw input_error(std::move(problem));
}

void check_size(int rows, int columns, const std::string& source) {
  check_image_size(static_cast<std::uint64_t>(std::max(rows, 0)), static_cast<std::uint64_t>(std::max(columns, 0)),
                   source);
}

/// Colours that were multiplied by their opacity, as they were before.
void divide_by_opacity(std::span<std::uint8_t> rgba) {
  for (std::size_t pixel = 0; pixel < rgba.size(); pixel += 4) {
    const unsigned opacity = rgba[pixel + 3];
    if (opacity == 0) continue;
    for (std::uint8_t& colour : rgba.subspan(pixel, 3))
      colour = static_cast<std::uint8_t>(std::min(255u, (colour * 255u + opacity / 2) / opacity));
  }
}

}  // namespace

GreyImage heif_picture(const HeifLibrary& heif, std::span<const std::uint8_t> bytes, const std::string& source) {
  const auto context = owned(heif.new_context(), heif.free_context);
  if (!context) throw std::bad_alloc();
  heif.set_threads(context.get(), 0);  // all in this thread
  check(heif.read(context.get(), bytes.data(), bytes.size(), nullptr), source);

  heif_image_handle* primary = nullptr;
  check(heif.primary_image(context.get(), &primary), source);
  const auto handle = owned<const heif_image_handle>(primary, heif.free_handle);
  check_size(heif.handle_height(primary), heif.handle_width(primary), source);

  const auto options = owned(heif.new_options(), heif.free_options);
  if (!options) throw std::bad_alloc();
  options->convert_hdr_to_8bit = 1;
  options->strict_decoding = 1;
  heif_image* picture = nullptr;
  check(heif.decode(primary, &picture, heif_colorspace_RGB, heif_chroma_interleaved_RGBA, options.get()), source);
  const auto image = owned<const heif_image>(picture, heif.free_image);

  const int rows = heif.height(picture, heif_channel_interleaved),
            columns = heif.width(picture, heif_channel_interleaved);
  check_size(rows, columns, source);
  int stride = 0;
  const std::uint8_t* const pixels = heif.plane(picture, heif_channel_interleaved, &stride);
  const std::size_t row_bytes = static_cast<std::size_t>(columns) * 4;
  if (pixels == nullptr || stride < 0 || static_cast<std::size_t>(stride) < row_bytes)
    throw input_error({.file = source, .field = "HEIC", .problem = "cannot be decoded: no pixels came out"});

  const bool premultiplied = heif.is_premultiplied(primary) != 0;
  TransparentImage transparent(static_cast<std::size_t>(rows), static_cast<std::size_t>(columns));
  std::vector<std::uint8_t> row(row_bytes);
  for (std::size_t index = 0; index < static_cast<std::size_t>(rows); ++index) {
    std::copy_n(pixels + index * static_cast<std::size_t>(stride), row_bytes, row.begin());
    if (premultiplied) divide_by_opacity(row);
    transparent.add(index, row, {});
  }
  return visible_image(transparent, "HEIC", source);
}

}  // namespace nib
