#include "images/decoding/format.h"
#include "images/decoding/heif.h"

// Stands in for the decoder of HEIC where libheif was not there when nib was built.
namespace nib {

GreyImage decode_heif(std::span<const std::uint8_t> bytes, const std::string& source) {
  throw foreign_image_error(bytes, source);
}

std::string heif_library() { return ""; }

std::string fix_of_heif_library() { return "install libheif-dev and build nib again"; }

}  // namespace nib
