#include "encodings/file_kind.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace nib {
namespace {

using namespace std::string_view_literals;

/// Fixed bytes at a fixed place.
struct Magic {
  std::size_t offset;
  std::string_view bytes;
  FileKind kind;
};

constexpr std::array magics = {
    Magic{0, "\x1f\x8b"sv, FileKind::gzip},
    Magic{0, "\x1f\x9d"sv, FileKind::compress},
    Magic{0, "BZh"sv, FileKind::bzip2},
    Magic{0, "\xfd\x37zXZ\0"sv, FileKind::xz},
    Magic{0, "\x28\xb5\x2f\xfd"sv, FileKind::zstandard},
    Magic{0, "PK\x03\x04"sv, FileKind::zip},
    Magic{0, "PK\x05\x06"sv, FileKind::zip},  // without a file in it
    Magic{0, "7z\xbc\xaf\x27\x1c"sv, FileKind::seven_zip},
    Magic{0, "Rar!"sv, FileKind::rar},
    Magic{257, "ustar"sv, FileKind::tar},
    Magic{0, "\x89HDF\r\n\x1a\n"sv, FileKind::hdf5},
    Magic{0, "PAR1"sv, FileKind::parquet},
    Magic{0, "\x93NUMPY"sv, FileKind::numpy},
    Magic{0, "%PDF"sv, FileKind::pdf},
    Magic{0, "\0\0\x08\x01"sv, FileKind::idx},
    Magic{0, "\0\0\x08\x03"sv, FileKind::idx},
};

bool is_text(std::string_view bytes) {
  return std::ranges::all_of(
      bytes, [](unsigned char byte) { return byte >= 0x80 || std::isprint(byte) != 0 || std::isspace(byte) != 0; });
}

/// What begins as a text of a known kind may go on as it likes.
FileKind text_kind(std::string_view start) {
  std::string text(start.starts_with("\xef\xbb\xbf") ? start.substr(3) : start);  // a byte order mark
  text.erase(0, std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  std::ranges::transform(text, text.begin(), [](unsigned char letter) { return std::tolower(letter); });
  if (text.starts_with("<!doctype html") || text.starts_with("<html")) return FileKind::html;
  if (text.starts_with("<?xml")) return FileKind::xml;
  if (text.starts_with("version https://git-lfs")) return FileKind::git_lfs_pointer;
  if (!is_text(start)) return FileKind::unknown;
  return text.starts_with('{') ? FileKind::json : FileKind::text;
}

}  // namespace

FileKind file_kind(std::span<const std::uint8_t> bytes) {
  const std::string_view start(reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), file_kind_bytes));
  const auto* const found = std::ranges::find_if(magics, [&](const Magic& magic) {
    return start.size() >= magic.offset && start.substr(magic.offset).starts_with(magic.bytes);
  });
  if (found != magics.end()) return found->kind;
  return text_kind(start);
}

std::string_view name_of(FileKind kind) {
  switch (kind) {
    case FileKind::gzip:
      return "gzip data";
    case FileKind::compress:
      return "compress (.Z) data";
    case FileKind::bzip2:
      return "bzip2 data";
    case FileKind::xz:
      return "xz data";
    case FileKind::zstandard:
      return "Zstandard data";
    case FileKind::zip:
      return "a ZIP archive";
    case FileKind::seven_zip:
      return "a 7-Zip archive";
    case FileKind::rar:
      return "a RAR archive";
    case FileKind::tar:
      return "a tar archive";
    case FileKind::hdf5:
      return "an HDF5 file";
    case FileKind::parquet:
      return "a Parquet file";
    case FileKind::numpy:
      return "a NumPy array";
    case FileKind::pdf:
      return "a PDF document";
    case FileKind::idx:
      return "a set of MNIST's format (IDX)";
    case FileKind::git_lfs_pointer:
      return "a Git LFS pointer";
    case FileKind::html:
      return "an HTML page";
    case FileKind::xml:
      return "an XML file";
    case FileKind::json:
      return "a JSON text";
    case FileKind::text:
      return "a text file";
    case FileKind::unknown:
      return "";
  }
  return "";
}

}  // namespace nib
