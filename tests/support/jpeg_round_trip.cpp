#include "support/jpeg_round_trip.h"

#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

namespace nib::styles {
namespace {

struct Bytes {
  unsigned char* data = nullptr;
  unsigned long size = 0;
  Bytes() = default;
  ~Bytes() { std::free(data); }
  Bytes(const Bytes&) = delete;
  Bytes& operator=(const Bytes&) = delete;
};

void compress(const GreyImage& image, int quality, Bytes& bytes) {
  jpeg_compress_struct codec{};
  jpeg_error_mgr errors{};
  codec.err = jpeg_std_error(&errors);
  jpeg_create_compress(&codec);
  jpeg_mem_dest(&codec, &bytes.data, &bytes.size);
  codec.image_width = static_cast<JDIMENSION>(image.columns);
  codec.image_height = static_cast<JDIMENSION>(image.rows);
  codec.input_components = 1;
  codec.in_color_space = JCS_GRAYSCALE;
  jpeg_set_defaults(&codec);
  jpeg_set_quality(&codec, quality, TRUE);
  jpeg_start_compress(&codec, TRUE);
  while (codec.next_scanline < codec.image_height) {
    auto* row = const_cast<JSAMPLE*>(&image.light[codec.next_scanline * image.columns]);
    jpeg_write_scanlines(&codec, &row, 1);
  }
  jpeg_finish_compress(&codec);
  jpeg_destroy_compress(&codec);
}

}  // namespace

GreyImage through_jpeg(const GreyImage& image, int quality) {
  Bytes bytes;
  compress(image, quality, bytes);
  GreyImage result{image.rows, image.columns, std::vector<std::uint8_t>(image.light.size())};
  jpeg_decompress_struct codec{};
  jpeg_error_mgr errors{};
  codec.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&codec);
  jpeg_mem_src(&codec, bytes.data, bytes.size);
  jpeg_read_header(&codec, TRUE);
  jpeg_start_decompress(&codec);
  while (codec.output_scanline < codec.output_height) {
    JSAMPLE* row = &result.light[codec.output_scanline * result.columns];
    jpeg_read_scanlines(&codec, &row, 1);
  }
  jpeg_finish_decompress(&codec);
  jpeg_destroy_decompress(&codec);
  return result;
}

}  // namespace nib::styles
