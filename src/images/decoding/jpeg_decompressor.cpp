#include "images/decoding/jpeg_decompressor.h"

#include <fmt/core.h>
#include <jerror.h>

#include <algorithm>
#include <cctype>
#include <string_view>

#include "base/text.h"
#include "images/decoding/jpeg.h"

namespace nib {
namespace {

/// Warnings of oddities that sound files of some cameras and programs have.
bool harmless(int warning) {
  return warning == JWRN_EXTRANEOUS_DATA || warning == JWRN_JFIF_MAJOR || warning == JWRN_ADOBE_XFORM;
}

}  // namespace

/// Calls libjpeg, which leaves by longjmp when it fails. Nothing between here and there has a destructor: `call` must
/// hold references and numbers alone.
template <typename Call>
void JpegDecompressor::guarded(const Call& call) {
  if (setjmp(failed_) != 0) throw error();
  call();
}

JpegDecompressor::JpegDecompressor(std::span<const std::uint8_t> bytes, const std::string& source) : source_(source) {
  handle_.state.err = jpeg_std_error(&errors_);
  errors_.error_exit = &fail;
  errors_.emit_message = &see_warning;
  progress_.progress_monitor = &count_scans;
  handle_.state.client_data = this;
  guarded([&] {
    jpeg_create_decompress(&handle_.state);
    handle_.state.progress = &progress_;
    handle_.state.mem->max_memory_to_use = most_jpeg_memory;
    constexpr unsigned whole_segment = 0xFFFF;
    jpeg_save_markers(&handle_.state, JPEG_APP0 + 1, whole_segment);
    jpeg_mem_src(&handle_.state, bytes.data(), bytes.size());
    jpeg_read_header(&handle_.state, TRUE);
  });
}

void JpegDecompressor::start() {
  guarded([&] { jpeg_start_decompress(&handle_.state); });
}

void JpegDecompressor::read_row(std::span<std::uint8_t> row) {
  JSAMPROW place = row.data();
  guarded([&] { jpeg_read_scanlines(&handle_.state, &place, 1); });
}

void JpegDecompressor::finish() {
  guarded([&] { jpeg_finish_decompress(&handle_.state); });
}

JpegDecompressor& JpegDecompressor::self(j_common_ptr state) {
  return *static_cast<JpegDecompressor*>(state->client_data);
}

void JpegDecompressor::fail(j_common_ptr state) {
  JpegDecompressor& decompressor = self(state);
  state->err->format_message(state, decompressor.message_.data());
  std::longjmp(decompressor.failed_, 1);
}

void JpegDecompressor::see_warning(j_common_ptr state, int level) {
  const bool warning = level < 0;
  if (warning && !harmless(state->err->msg_code)) fail(state);
}

void JpegDecompressor::count_scans(j_common_ptr state) {
  JpegDecompressor& decompressor = self(state);
  if (decompressor.handle_.state.input_scan_number <= most_jpeg_scans) return;
  decompressor.errors_.msg_code = JMSG_NOMESSAGE;
  std::longjmp(decompressor.failed_, 1);
}

Error JpegDecompressor::error() const {
  Problem problem{.file = source_, .field = "JPEG"};
  if (errors_.msg_code == JMSG_NOMESSAGE) {
    problem.problem = "too many scans";
    problem.expected = fmt::format("at most {}", most_jpeg_scans);
  } else if (errors_.msg_code == JERR_NO_BACKING_STORE) {
    problem.problem = "decoding it needs too much memory";
    problem.expected = fmt::format("at most {} bytes", with_commas(most_jpeg_memory));
    problem.hint = "save it smaller, or not as a progressive JPEG";
  } else {
    std::string message(message_.data());
    if (message.size() > 1 && std::islower(static_cast<unsigned char>(message[1])) != 0)
      message[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(message[0])));
    problem.problem = "cannot be decoded: " + message;
    if (errors_.msg_code == JWRN_JPEG_EOF || errors_.msg_code == JWRN_HIT_MARKER)
      problem.hint = "the file looks like an incomplete copy or download";
  }
  return input_error(std::move(problem));
}

}  // namespace nib
