#include "images/decoding/jpeg_files.h"

#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>  // after <cstdio>, which it takes for granted

namespace nib {
namespace {

J_COLOR_SPACE in_memory(JpegColours colours) {
  switch (colours) {
    case JpegColours::grey:
      return JCS_GRAYSCALE;
    case JpegColours::ycbcr:
    case JpegColours::rgb:
      return JCS_RGB;
    default:
      return JCS_CMYK;
  }
}

J_COLOR_SPACE in_file(JpegColours colours) {
  switch (colours) {
    case JpegColours::grey:
      return JCS_GRAYSCALE;
    case JpegColours::ycbcr:
      return JCS_YCbCr;
    case JpegColours::rgb:
      return JCS_RGB;
    case JpegColours::cmyk:
      return JCS_CMYK;
    default:
      return JCS_YCCK;
  }
}

}  // namespace

std::size_t JpegPicture::channels() const {
  return colours == JpegColours::grey ? 1 : in_memory(colours) == JCS_RGB ? 3 : 4;
}

Bytes jpeg_file(const JpegPicture& picture) {
  jpeg_compress_struct state{};
  jpeg_error_mgr errors{};
  state.err = jpeg_std_error(&errors);
  jpeg_create_compress(&state);
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&state, &buffer, &size);
  state.image_height = picture.rows;
  state.image_width = picture.columns;
  state.input_components = static_cast<int>(picture.channels());
  state.in_color_space = in_memory(picture.colours);
  jpeg_set_defaults(&state);
  jpeg_set_colorspace(&state, in_file(picture.colours));
  jpeg_set_quality(&state, 95, TRUE);
  if (!picture.adobe_marker) state.write_Adobe_marker = FALSE;
  if (picture.progressive) jpeg_simple_progression(&state);
  const jpeg_scan_info one_each[] = {{1, {0}, 0, 63, 0, 0}, {1, {1}, 0, 63, 0, 0}, {1, {2}, 0, 63, 0, 0}};
  if (picture.scan_per_component) {
    state.scan_info = one_each;
    state.num_scans = 3;
  }
  jpeg_start_compress(&state, TRUE);
  if (!picture.app1.empty())
    jpeg_write_marker(&state, JPEG_APP0 + 1, picture.app1.data(), static_cast<unsigned>(picture.app1.size()));
  while (state.next_scanline < state.image_height) {
    auto* row =
        const_cast<JSAMPLE*>(picture.samples.data() + picture.channels() * picture.columns * state.next_scanline);
    jpeg_write_scanlines(&state, &row, 1);
  }
  jpeg_finish_compress(&state);
  jpeg_destroy_compress(&state);
  Bytes file(buffer, buffer + size);
  std::free(buffer);
  return file;
}

Bytes small_jpeg(bool progressive) {
  JpegPicture picture{.rows = 16, .columns = 24, .progressive = progressive};
  for (std::size_t pixel = 0; pixel < std::size_t{16} * 24; ++pixel)
    picture.samples.push_back(static_cast<std::uint8_t>(pixel % 24 / 8 * 100 + pixel % 5));
  return jpeg_file(picture);
}

std::size_t last_marker(const Bytes& file, std::uint8_t marker) {
  std::size_t found = 0;
  for (std::size_t index = 0; index + 1 < file.size(); ++index)
    if (file[index] == 0xFF && file[index + 1] == marker) found = index;
  return found;
}

}  // namespace nib
