#include "images/decoding/webp_files.h"

#include <gtest/gtest.h>
#include <webp/encode.h>

namespace nib {

Bytes webp_file(const WebpPicture& picture) {
  WebPConfig settings;
  EXPECT_NE(WebPConfigInit(&settings), 0);
  settings.lossless = picture.lossless ? 1 : 0;
  settings.exact = 1;
  settings.quality = 90;
  WebPPicture frame;
  EXPECT_NE(WebPPictureInit(&frame), 0);
  frame.use_argb = settings.lossless;
  frame.width = picture.columns;
  frame.height = picture.rows;
  WebPMemoryWriter written;
  WebPMemoryWriterInit(&written);
  frame.writer = &WebPMemoryWrite;
  frame.custom_ptr = &written;
  EXPECT_NE(WebPPictureImportRGBA(&frame, picture.rgba.data(), picture.columns * 4), 0);
  EXPECT_NE(WebPEncode(&settings, &frame), 0) << frame.error_code;
  WebPPictureFree(&frame);
  Bytes file(written.mem, written.mem + written.size);
  WebPMemoryWriterClear(&written);
  return file;
}

WebpPicture grey_webp(int rows, int columns, const Bytes& light, bool lossless) {
  WebpPicture picture{.rows = rows, .columns = columns, .rgba = {}, .lossless = lossless};
  for (const std::uint8_t value : light) picture.rgba.insert(picture.rgba.end(), {value, value, value, 255});
  return picture;
}

Bytes small_webp(bool lossless) {
  Bytes light;
  for (int row = 0; row < 16; ++row)
    for (int column = 0; column < 24; ++column)
      light.push_back(static_cast<std::uint8_t>(40 + 40 * (row / 4 % 3) + 20 * (column / 8)));
  return webp_file(grey_webp(16, 24, light, lossless));
}

Bytes webp_chunk(std::string_view type, const Bytes& content) {
  Bytes chunk = joined({bytes_of(type), little_endian(static_cast<std::uint32_t>(content.size()), 4), content});
  if (content.size() % 2 == 1) chunk.push_back(0);
  return chunk;
}

Bytes riff(const Bytes& chunks) {
  return joined(
      {bytes_of("RIFF"), little_endian(static_cast<std::uint32_t>(chunks.size() + 4), 4), bytes_of("WEBP"), chunks});
}

Bytes extended_header(std::uint8_t flags, std::uint32_t rows, std::uint32_t columns) {
  return joined({{flags, 0, 0, 0}, little_endian(columns - 1, 3), little_endian(rows - 1, 3)});
}

Bytes with_exif(const Bytes& simple_file, std::uint32_t rows, std::uint32_t columns, const Bytes& exif) {
  constexpr std::uint8_t has_exif = 0x08;
  return riff(joined({webp_chunk("VP8X", extended_header(has_exif, rows, columns)),
                      part(simple_file, 12, simple_file.size()), webp_chunk("EXIF", exif)}));
}

}  // namespace nib
