#include "images/decoding/png_files.h"

#include <libdeflate.h>

#include <array>

namespace nib {
namespace {

/// The pixels of a row or of one of its seven interlaced parts, filter byte first.
class RowPacker {
 public:
  explicit RowPacker(std::uint8_t depth) : bytes_(1), depth_(depth) {}

  void add(std::uint16_t sample) {
    for (int bit = depth_ - 1; bit >= 0; --bit) {
      if (free_bits_ == 0) {
        bytes_.push_back(0);
        free_bits_ = 8;
      }
      --free_bits_;
      bytes_.back() = static_cast<std::uint8_t>(bytes_.back() | ((sample >> bit & 1) << free_bits_));
    }
  }

  const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
  std::uint8_t depth_;
  int free_bits_ = 0;
};

struct Pass {
  std::uint32_t first_row, row_step, first_column, column_step;
};

void append_pass(Bytes& raw, const PngPicture& picture, Pass pass) {
  if (pass.first_column >= picture.columns) return;
  const std::size_t channels = picture.channels();
  for (std::size_t row = pass.first_row; row < picture.rows; row += pass.row_step) {
    RowPacker packer(picture.depth);
    for (std::size_t column = pass.first_column; column < picture.columns; column += pass.column_step)
      for (std::size_t channel = 0; channel < channels; ++channel)
        packer.add(picture.samples[(row * picture.columns + column) * channels + channel]);
    raw.insert(raw.end(), packer.bytes().begin(), packer.bytes().end());
  }
}

}  // namespace

std::size_t PngPicture::channels() const {
  constexpr std::array<std::size_t, 7> of_type = {1, 0, 3, 1, 2, 0, 4};
  return of_type[type];
}

Bytes zlib(const Bytes& content) {
  libdeflate_compressor* compressor = libdeflate_alloc_compressor(6);
  Bytes compressed(libdeflate_zlib_compress_bound(compressor, content.size()));
  compressed.resize(
      libdeflate_zlib_compress(compressor, content.data(), content.size(), compressed.data(), compressed.size()));
  libdeflate_free_compressor(compressor);
  return compressed;
}

Bytes png_chunk(std::string_view type, const Bytes& content) {
  const Bytes checked = joined({bytes_of(type), content});
  return joined({big_endian(static_cast<std::uint32_t>(content.size())), checked,
                 big_endian(libdeflate_crc32(0, checked.data(), checked.size()))});
}

Bytes png_signature() { return bytes_of("\x89PNG\r\n\x1a\n"); }

Bytes png_header(const PngPicture& picture) {
  return png_chunk("IHDR", joined({big_endian(picture.columns),
                                   big_endian(picture.rows),
                                   {picture.depth, picture.type, 0, 0, std::uint8_t{picture.interlaced}}}));
}

Bytes png_data(const PngPicture& picture) {
  Bytes raw;
  if (picture.interlaced)
    for (const Pass pass : {Pass{0, 8, 0, 8}, Pass{0, 8, 4, 8}, Pass{4, 8, 0, 4}, Pass{0, 4, 2, 4}, Pass{2, 4, 0, 2},
                            Pass{0, 2, 1, 2}, Pass{1, 2, 0, 1}})
      append_pass(raw, picture, pass);
  else
    append_pass(raw, picture, {0, 1, 0, 1});
  return png_chunk("IDAT", zlib(raw));
}

Bytes png_file(const PngPicture& picture, const Bytes& chunks) {
  return joined({png_signature(), png_header(picture), chunks, png_data(picture), png_chunk("IEND", {})});
}

Bytes small_png() { return png_file({.rows = 4, .columns = 5, .samples = noise(20, 255)}); }

}  // namespace nib
