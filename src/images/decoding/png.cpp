#include "images/decoding/png.h"

#include <spng.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>
#include <vector>

#include "base/error.h"
#include "images/decoding/exif.h"
#include "images/decoding/orientation.h"
#include "images/decoding/png_chunks.h"
#include "images/decoding/transparency.h"

namespace nib {
namespace {

/// Reads one after the other the pieces of a file that matter, as libspng asks for them.
struct PieceReader {
  const std::vector<std::span<const std::uint8_t>>& pieces;
  std::size_t piece = 0, offset = 0;

  int read(std::uint8_t* destination, std::size_t wanted) {
    while (wanted > 0) {
      if (piece == pieces.size()) return SPNG_IO_EOF;
      const auto rest = pieces[piece].subspan(offset);
      const std::size_t count = std::min(wanted, rest.size());
      destination = std::copy_n(rest.begin(), count, destination);
      wanted -= count;
      offset += count;
      if (offset == pieces[piece].size()) {
        ++piece;
        offset = 0;
      }
    }
    return SPNG_OK;
  }
};

int read_pieces(spng_ctx*, void* reader, void* destination, std::size_t wanted) {
  return static_cast<PieceReader*>(reader)->read(static_cast<std::uint8_t*>(destination), wanted);
}

/// Interlacing (PNG specification, section 8.2): which columns the pixels of a pass belong to.
constexpr std::array<Columns, 7> adam7 = {{{0, 8}, {4, 8}, {0, 4}, {2, 4}, {0, 2}, {1, 2}, {0, 1}}};

/// libspng, at work on one file. Its row filters and formats are checked by it; size, order of chunks and CRCs were
/// checked before.
class PngDecoder {
 public:
  PngDecoder(const PngChunks& chunks, const std::string& source)
      : chunks_(chunks), source_(source), reader_{chunks.picture}, context_(spng_ctx_new(0), &spng_ctx_free) {
    if (!context_) throw std::bad_alloc();
    check(spng_set_crc_action(context_.get(), SPNG_CRC_ERROR, SPNG_CRC_ERROR));
    check(spng_set_image_limits(context_.get(), largest_image_side, largest_image_side));
    check(spng_set_png_stream(context_.get(), &read_pieces, &reader_));
    check(spng_get_ihdr(context_.get(), &header_));
  }

  GreyImage decode() {
    constexpr int whole_levels = 8;
    if (header_.color_type == SPNG_COLOR_TYPE_GRAYSCALE && header_.bit_depth == whole_levels && !chunks_.transparency)
      return decode_grey();
    TransparentImage image(chunks_.rows, chunks_.columns);
    decode_rows(SPNG_FMT_RGBA8, 4, [&](std::size_t row, std::span<const std::uint8_t> pixels, Columns columns) {
      image.add(row, pixels, columns);
    });
    return visible_image(image, "PNG", source_);
  }

 private:
  /// What is neither coloured nor transparent is its light already.
  GreyImage decode_grey() {
    BoxSums light(chunks_.rows, chunks_.columns);
    std::vector<std::uint16_t> values;
    decode_rows(SPNG_FMT_G8, 1, [&](std::size_t row, std::span<const std::uint8_t> pixels, Columns columns) {
      values.assign(pixels.begin(), pixels.end());
      light.add(row, values, columns);
    });
    return mean_light(light);
  }

  /// Calls `add(row, pixels, columns)` for each row, or part of an interlaced one.
  template <typename Add>
  void decode_rows(spng_format format, std::size_t bytes, const Add& add) {
    check(spng_decode_image(context_.get(), nullptr, 0, format, SPNG_DECODE_PROGRESSIVE | SPNG_DECODE_TRNS));
    std::vector<std::uint8_t> row(chunks_.columns * bytes);
    for (int result = SPNG_OK; result != SPNG_EOI;) {
      spng_row_info place{};
      check(spng_get_row_info(context_.get(), &place));
      result = spng_decode_scanline(context_.get(), row.data(), row.size());
      if (result != SPNG_EOI) check(result);
      const Columns columns = header_.interlace_method == 0 ? Columns{} : adam7[static_cast<std::size_t>(place.pass)];
      const std::size_t pixels = (chunks_.columns - columns.first + columns.step - 1) / columns.step;
      add(place.row_num, std::span<const std::uint8_t>(row).first(pixels * bytes), columns);
    }
    check(spng_decode_chunks(context_.get()));
  }

  void check(int result) const {
    if (result == SPNG_OK) return;
    if (result == SPNG_EMEM) throw std::bad_alloc();
    throw input_error(
        {.file = source_, .field = "PNG", .problem = std::string("cannot be decoded: ") + spng_strerror(result)});
  }

  const PngChunks& chunks_;
  const std::string& source_;
  PieceReader reader_;
  std::unique_ptr<spng_ctx, decltype(&spng_ctx_free)> context_;
  spng_ihdr header_{};
};

}  // namespace

GreyImage decode_png(std::span<const std::uint8_t> bytes, const std::string& source) {
  const PngChunks chunks = read_png_chunks(bytes, source);
  return turned_upright(PngDecoder(chunks, source).decode(), exif_orientation(chunks.exif));
}

}  // namespace nib
