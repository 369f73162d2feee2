#include "images/decoding/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "base/text.h"
#include "encodings/file_kind.h"
#include "images/decoding/heif.h"
#include "images/decoding/webp.h"

namespace nib {
namespace {

using namespace std::string_view_literals;

/// A format that is told by fixed bytes at a fixed place.
struct Magic {
  std::size_t offset;
  std::string_view bytes;
  std::string_view name;
  std::string_view hint;
  bool picture = false;
};

constexpr Magic picture(std::size_t offset, std::string_view bytes, std::string_view name, std::string_view hint) {
  return {offset, bytes, name, hint, true};
}

constexpr auto save_as_png = "save it as PNG or JPEG with any image program"sv;
constexpr auto take_frame = "save one frame of it as PNG"sv;

/// ISO/IEC 23008-12, annex B, and 14496-12: what a HEIF file says that it is in its first box. HEIC is HEIF with HEVC
/// in it, as phones write it.
constexpr std::array heic_brands = {"heic"sv, "heix"sv, "heim"sv, "heis"sv, "hevc"sv, "hevx"sv};
constexpr std::array heif_brands = {"mif1"sv, "mif2"sv, "msf1"sv};

constexpr std::array magics = {
    picture(4, "ftypavif"sv, "an AVIF image", save_as_png),
    picture(4, "ftypavis"sv, "an AVIF image", save_as_png),
    Magic{4, "ftyp"sv, "a video", take_frame},
    picture(0, "GIF87a"sv, "a GIF image", save_as_png),
    picture(0, "GIF89a"sv, "a GIF image", save_as_png),
    picture(0, "II*\0"sv, "a TIFF image or a camera's raw photo", save_as_png),
    picture(0, "MM\0*"sv, "a TIFF image or a camera's raw photo", save_as_png),
    picture(0, "II+\0"sv, "a TIFF image", save_as_png),
    picture(0, "MM\0+"sv, "a TIFF image", save_as_png),
    picture(0, "\0\0\0\x0cJXL "sv, "a JPEG XL image", save_as_png),
    picture(0, "\xff\x0a"sv, "a JPEG XL image", save_as_png),
    picture(0, "\0\0\0\x0cjP  "sv, "a JPEG 2000 image", save_as_png),
    picture(0, "\xff\x4f\xff\x51"sv, "a JPEG 2000 image", save_as_png),
    picture(0, "8BPS"sv, "a Photoshop document", save_as_png),
    picture(0, "\0\0\1\0"sv, "an icon", save_as_png),
    picture(0, "qoif"sv, "a QOI image", save_as_png),
    picture(0, "P7\n"sv, "a PAM image", "convert it to PNG or PGM"sv),
    picture(0, "Pf\n"sv, "a PFM image", "convert it to PNG or PGM"sv),
    picture(0, "PF\n"sv, "a PFM image", "convert it to PNG or PGM"sv),
    picture(0, "\x89PNG"sv, "a PNG file with a damaged signature",
            "it was probably copied as text: copy it again, as binary data"sv),
    Magic{0, "%!PS"sv, "a PostScript document", "save the page as PNG"sv},
};

/// BMP has only two letters of its own, with which a text may begin as well: its reserved bytes are zero.
bool is_bmp(std::string_view start) {
  constexpr std::size_t reserved = 6;
  return start.size() > reserved && start.starts_with("BM") && start.substr(reserved).starts_with("\0\0\0\0"sv);
}

std::string_view beginning_of(std::span<const std::uint8_t> bytes, std::size_t most) {
  return {reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), most)};
}

/// The first bytes of a file of one of these brands.
bool has_brand(std::string_view start, std::span<const std::string_view> brands) {
  constexpr std::size_t type = 4, brand = 8;
  return start.size() >= image_magic_bytes && start.substr(type).starts_with("ftyp") &&
         std::ranges::find(brands, start.substr(brand, 4)) != brands.end();
}

/// What to do with a file of a format that nib would read with a library that is not here.
std::string hint_for(ImageFormat format) {
  if (format == ImageFormat::webp)
    return fix_of_webp_library() + ", or save it as PNG: dwebp FILE.webp -o FILE.png (Debian package webp)";
  return fix_of_heif_library() +
         ", or save it as JPEG: heif-convert FILE.heic FILE.jpg (Debian package libheif-examples), or share it as JPEG "
         "from the photo program";
}

/// What to do with a file that is no picture.
std::string hint_for(FileKind kind) {
  if (is_packed(kind)) return "unpack it first";
  switch (kind) {
    case FileKind::idx:
      return setting("data") + " DIR takes the folder of such a set";
    case FileKind::pdf:
      return "save the page as PNG, for example with pdftoppm -png";
    case FileKind::html:
      return "save the picture itself, not the page that shows it";
    case FileKind::git_lfs_pointer:
      return "fetch the file itself with git lfs pull";
    case FileKind::numpy:
      return "save it as PNG or PGM from Python";
    case FileKind::json:
    case FileKind::text:
      return "";
    default:
      return std::string(save_as_png);
  }
}

/// A drawing may begin as any XML file does.
bool is_svg(std::span<const std::uint8_t> bytes, FileKind kind) {
  if (kind != FileKind::xml && kind != FileKind::text) return false;
  const std::string_view start = beginning_of(bytes, file_kind_bytes);
  const std::size_t first = start.find_first_not_of("\xef\xbb\xbf \t\r\n");
  return first != start.npos && start[first] == '<' && start.find("<svg") != start.npos;
}

/// A picture of a format that nib does not read, or what else looks like one.
std::optional<Magic> foreign_picture(std::span<const std::uint8_t> bytes) {
  const std::string_view start = beginning_of(bytes, file_kind_bytes);
  const auto* const found = std::ranges::find_if(magics, [&](const Magic& magic) {
    return start.size() >= magic.offset && start.substr(magic.offset).starts_with(magic.bytes);
  });
  if (found != magics.end()) return *found;
  if (is_bmp(start)) return picture(0, "", "a BMP image", save_as_png);
  if (is_svg(bytes, file_kind(bytes)))
    return picture(0, "", "an SVG drawing", "export it as PNG, for example with rsvg-convert");
  return std::nullopt;
}

}  // namespace

std::optional<ImageFormat> image_format(std::span<const std::uint8_t> bytes) {
  const std::string_view start = beginning_of(bytes, image_magic_bytes);
  if (start.starts_with("\x89PNG\r\n\x1a\n"sv)) return ImageFormat::png;
  if (start.starts_with("\xff\xd8\xff"sv)) return ImageFormat::jpeg;
  const bool portable = start.size() > 2 && start[0] == 'P' && start[1] >= '1' && start[1] <= '6';
  if (portable && (start[2] == '#' || std::isspace(static_cast<unsigned char>(start[2])) != 0)) return ImageFormat::pnm;
  if (start.size() == image_magic_bytes && start.starts_with("RIFF") && start.ends_with("WEBP"))
    return ImageFormat::webp;
  if (has_brand(start, heic_brands) || has_brand(start, heif_brands)) return ImageFormat::heif;
  return std::nullopt;
}

std::string picture_name(std::span<const std::uint8_t> bytes) {
  if (const std::optional<ImageFormat> format = image_format(bytes)) switch (*format) {
      case ImageFormat::png:
        return "a PNG image";
      case ImageFormat::jpeg:
        return "a JPEG image";
      case ImageFormat::pnm:
        return "a PNM image";
      case ImageFormat::webp:
        return "a WebP image";
      case ImageFormat::heif:
        return has_brand(beginning_of(bytes, image_magic_bytes), heic_brands) ? "a HEIC photo" : "a HEIF photo";
    }
  const std::optional<Magic> foreign = foreign_picture(bytes);
  return foreign && foreign->picture ? std::string(foreign->name) : "";
}

std::string readable_formats() {
  return fmt::format("PNG, JPEG, {}{}PBM, PGM or PPM", webp_library().empty() ? "" : "WebP, ",
                     heif_library().empty() ? "" : "HEIC, ");
}

Error foreign_image_error(std::span<const std::uint8_t> bytes, const std::string& source) {
  const std::string readable = readable_formats();
  if (bytes.empty()) return input_error({.file = source, .problem = "file is empty", .expected = readable});
  if (const std::optional<ImageFormat> format = image_format(bytes))
    return input_error({.file = source,
                        .problem = "not an image that nib reads here",
                        .expected = readable,
                        .got = picture_name(bytes),
                        .hint = hint_for(*format)});
  const FileKind kind = file_kind(bytes);
  const std::optional<Magic> foreign = foreign_picture(bytes);
  const std::string name(foreign ? foreign->name : name_of(kind));
  const auto first = bytes.first(std::min(bytes.size(), image_magic_bytes));
  return input_error({.file = source,
                      .problem = "not an image that nib reads",
                      .expected = readable,
                      .got = name.empty() ? fmt::format("a file that begins with {:02x}", fmt::join(first, " ")) : name,
                      .hint = foreign ? std::string(foreign->hint) : hint_for(kind)});
}

}  // namespace nib
