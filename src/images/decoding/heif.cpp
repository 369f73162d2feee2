#include "images/decoding/heif.h"

#include <fmt/core.h>

#include <new>
#include <vector>

#include "base/error.h"
#include "base/limited_child.h"
#include "base/text.h"
#include "images/decoding/format.h"
#include "images/decoding/heif_boxes.h"
#include "images/decoding/heif_library.h"
#include "images/decoding/heif_picture.h"
#include "images/decoding/picture_pieces.h"

namespace nib {
namespace {

Problem too_much_memory() {
  return {.field = "HEIC",
          .problem = "decoding it needs too much memory",
          .expected = fmt::format("at most {} bytes", with_commas(most_heif_memory)),
          .hint = "save it smaller, or as JPEG"};
}

/// What the child does: the picture, or why there is none.
std::vector<std::uint8_t> decoded(const HeifLibrary& library, std::span<const std::uint8_t> boxes,
                                  const std::string& source) {
  try {
    return pieces_of(heif_picture(library, boxes, source));
  } catch (const Error& error) {
    return pieces_of(error.problem());
  } catch (const std::bad_alloc&) {
    return pieces_of(too_much_memory());
  }
}

}  // namespace

GreyImage decode_heif(std::span<const std::uint8_t> bytes, const std::string& source) {
  const HeifLibrary* const library = heif_functions();  // with its decoders: the child can open no file
  if (library == nullptr) throw foreign_image_error(bytes, source);
  const auto boxes = heif_boxes(bytes, source);
  ChildLimits limits{.memory = most_heif_memory, .seconds = most_heif_seconds};
  limits.output = largest_decoded_side * largest_decoded_side + 2 * largest_colour_side * largest_colour_side + 4096;
  const ChildOutcome outcome = run_in_limited_child(
      limits, [&](int output) { static_cast<void>(write_fully(output, decoded(*library, boxes, source))); });
  if (outcome.failure.empty()) return picture_of(outcome.output, "HEIC", source);
  throw input_error({.file = source,
                     .field = "HEIC",
                     .problem = "the process that decodes it failed: " + outcome.failure,
                     .hint = "the file is damaged, or made to do harm; nothing was taken from it"});
}

std::string heif_library() {
  const HeifLibrary* const library = heif_functions();
  return library != nullptr ? std::string("libheif ") + library->version() : "";
}

std::string fix_of_heif_library() {
  const HeifLibrary* const library = heif_functions();
  if (library == nullptr) return "install libheif1, 1.13 or later";
  if (library->have_decoder(heif_compression_HEVC) == 0) return "install libheif-plugin-libde265, its decoder";
  return "";
}

}  // namespace nib
