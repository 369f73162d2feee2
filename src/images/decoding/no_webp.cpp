#include "images/decoding/format.h"
#include "images/decoding/webp.h"

// Stands in for the decoder of WebP where libwebp was not there when nib was built.
namespace nib {

GreyImage decode_webp(std::span<const std::uint8_t> bytes, const std::string& source) {
  throw foreign_image_error(bytes, source);
}

std::string webp_library() { return ""; }

std::string fix_of_webp_library() { return "install libwebp-dev and build nib again"; }

}  // namespace nib
