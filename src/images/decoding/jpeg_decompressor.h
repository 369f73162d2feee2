#pragma once

#include <array>
#include <csetjmp>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>

#include <jpeglib.h>  // after <cstdio>, which it takes for granted

#include "base/error.h"

namespace nib {

/// libjpeg's decompressor with its errors, and its warnings of damage, as Error (bad input) that names the file and has
/// libjpeg's own words.
class JpegDecompressor {
 public:
  /// Reads the header of a file whose bytes outlive this.
  JpegDecompressor(std::span<const std::uint8_t> bytes, const std::string& source);
  JpegDecompressor(const JpegDecompressor&) = delete;
  JpegDecompressor& operator=(const JpegDecompressor&) = delete;

  /// libjpeg's view of the file, and its settings, which count from start() on.
  jpeg_decompress_struct& state() { return handle_.state; }

  void start();
  void read_row(std::span<std::uint8_t> row);  ///< output_width times output_components bytes
  void finish();                               ///< checks what is behind the last row

 private:
  struct Handle {
    jpeg_decompress_struct state{};
    Handle() = default;
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() { jpeg_destroy_decompress(&state); }
  };

  static JpegDecompressor& self(j_common_ptr state);
  static void fail(j_common_ptr state);
  static void see_warning(j_common_ptr state, int level);
  static void count_scans(j_common_ptr state);
  Error error() const;

  template <typename Call>
  void guarded(const Call& call);

  const std::string& source_;
  jpeg_error_mgr errors_{};
  jpeg_progress_mgr progress_{};
  std::jmp_buf failed_{};
  std::array<char, JMSG_LENGTH_MAX> message_{};
  Handle handle_{};
};

}  // namespace nib
