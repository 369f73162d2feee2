#include "images/decoding/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "base/text.h"

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
constexpr auto from_phone =
    "save it as JPEG: share or export it from the photo program, or let the camera write JPEG (iPhone: Settings, "
    "Camera, "
    "Formats, Most Compatible)"sv;
constexpr auto unpack = "unpack it first"sv;
constexpr auto take_frame = "save one frame of it as PNG"sv;

constexpr auto data_set = "a set of MNIST's format (IDX)"sv;

constexpr std::array magics = {
    picture(4, "ftypheic"sv, "a HEIC photo", from_phone),
    picture(4, "ftypheix"sv, "a HEIC photo", from_phone),
    picture(4, "ftypheim"sv, "a HEIC photo", from_phone),
    picture(4, "ftypheis"sv, "a HEIC photo", from_phone),
    picture(4, "ftyphevc"sv, "a HEIC photo", from_phone),
    picture(4, "ftyphevx"sv, "a HEIC photo", from_phone),
    picture(4, "ftypmif1"sv, "a HEIF photo", from_phone),
    picture(4, "ftypmsf1"sv, "a HEIF photo", from_phone),
    picture(4, "ftypavif"sv, "an AVIF image", save_as_png),
    picture(4, "ftypavis"sv, "an AVIF image", save_as_png),
    Magic{4, "ftyp"sv, "a video", take_frame},
    picture(8, "WEBP"sv, "a WebP image", save_as_png),
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
    Magic{0, "%PDF"sv, "a PDF document", "save the page as PNG, for example with pdftoppm -png"sv},
    Magic{0, "%!PS"sv, "a PostScript document", "save the page as PNG"sv},
    Magic{0, "PK\3\4"sv, "a ZIP archive", unpack},
    Magic{0, "\x1f\x8b"sv, "gzip data", unpack},
    Magic{0, "BZh"sv, "bzip2 data", unpack},
    Magic{0, "\xfd\x37zXZ\0"sv, "xz data", unpack},
    Magic{0, "7z\xbc\xaf\x27\x1c"sv, "a 7-Zip archive", unpack},
    Magic{0, "Rar!"sv, "a RAR archive", unpack},
    Magic{0, "\0\0\x08\x01"sv, data_set, ""sv},
    Magic{0, "\0\0\x08\x03"sv, data_set, ""sv},
    Magic{0, "\x93NUMPY"sv, "a NumPy array", "save it as PNG or PGM from Python"sv},
};

/// BMP has only two letters of its own, with which a text may begin as well: its reserved bytes are zero.
bool is_bmp(std::string_view start) {
  constexpr std::size_t reserved = 6;
  return start.size() > reserved && start.starts_with("BM") && start.substr(reserved).starts_with("\0\0\0\0"sv);
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return lower;
}

bool is_text(std::string_view bytes) {
  return std::ranges::all_of(
      bytes, [](unsigned char byte) { return byte >= 0x80 || std::isprint(byte) != 0 || std::isspace(byte) != 0; });
}

/// What a text is by the first 1,024 bytes.
Magic text_kind(std::string_view start) {
  std::string text = lower_case(start.starts_with("\xef\xbb\xbf") ? start.substr(3) : start);
  text.erase(0, std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  const bool markup = text.starts_with("<");
  if (markup && text.find("<svg") != std::string::npos)
    return picture(0, "", "an SVG drawing", "export it as PNG, for example with rsvg-convert");
  if (text.starts_with("<!doctype html") || text.starts_with("<html"))
    return {0, "", "an HTML page", "save the picture itself, not the page that shows it"};
  if (text.starts_with("<?xml")) return {0, "", "an XML file", save_as_png};
  return {0, "", "a text file", ""};
}

/// What the file is, with an empty name when nobody knows.
Magic recognise(std::string_view file) {
  constexpr std::size_t enough = 1024;
  const std::string_view start = file.substr(0, enough);
  const auto* const found = std::ranges::find_if(magics, [&](const Magic& magic) {
    return start.size() >= magic.offset && start.substr(magic.offset).starts_with(magic.bytes);
  });
  if (found != magics.end()) return *found;
  if (is_bmp(start)) return picture(0, "", "a BMP image", save_as_png);
  if (is_text(start)) return text_kind(start);
  return {0, "", "", save_as_png};
}

std::string hint_for(const Magic& kind) {
  if (kind.name == data_set) return setting("data") + " DIR takes the folder of such a set";
  return std::string(kind.hint);
}

}  // namespace

std::optional<ImageFormat> image_format(std::span<const std::uint8_t> bytes) {
  const std::string_view start(reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), image_magic_bytes));
  if (start == "\x89PNG\r\n\x1a\n"sv) return ImageFormat::png;
  if (start.starts_with("\xff\xd8\xff"sv)) return ImageFormat::jpeg;
  const bool portable = start.size() > 2 && start[0] == 'P' && start[1] >= '1' && start[1] <= '6';
  if (portable && (start[2] == '#' || std::isspace(static_cast<unsigned char>(start[2])) != 0)) return ImageFormat::pnm;
  return std::nullopt;
}

std::string picture_name(std::span<const std::uint8_t> bytes) {
  if (const std::optional<ImageFormat> format = image_format(bytes))
    return *format == ImageFormat::png ? "a PNG image" : *format == ImageFormat::jpeg ? "a JPEG image" : "a PNM image";
  const Magic kind = recognise({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  return kind.picture ? std::string(kind.name) : "";
}

Error foreign_image_error(std::span<const std::uint8_t> bytes, const std::string& source) {
  constexpr auto readable = "PNG, JPEG, PBM, PGM or PPM";
  if (bytes.empty()) return input_error({.file = source, .problem = "file is empty", .expected = readable});
  const Magic kind = recognise({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  const auto first = bytes.first(std::min(bytes.size(), image_magic_bytes));
  return input_error({.file = source,
                      .problem = "not an image that nib reads",
                      .expected = readable,
                      .got = kind.name.empty() ? fmt::format("a file that begins with {:02x}", fmt::join(first, " "))
                                               : std::string(kind.name),
                      .hint = hint_for(kind)});
}

}  // namespace nib
