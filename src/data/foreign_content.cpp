#include "data/foreign_content.h"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace nib {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view download_again = "a server's answer was saved in place of the file: download it again";
constexpr std::string_view unpack = "unpack it first";

struct Kind {
  std::string_view beginning, name, hint;
};

/// Texts, whose beginnings are compared without the blanks before them.
constexpr Kind texts[] = {
    {"<?xml", "XML", download_again},
    {"<", "a web page", download_again},
    {"version https://", "a Git LFS pointer", "git lfs pull fetches the file that it points to"},
};

constexpr Kind binaries[] = {
    {"\x1f\x8b"sv, "gzip data", "it seems to be compressed twice"},
    {"\x1f\x9d"sv, "compress (.Z) data", unpack},
    {"PK", "a ZIP archive", unpack},
    {"BZh", "bzip2 data", unpack},
    {"\xfd\x37zXZ"sv, "xz data", unpack},
    {"\x28\xb5\x2f\xfd"sv, "Zstandard data", unpack},
    {"7z\xbc\xaf"sv, "a 7-Zip archive", unpack},
    {"Rar!", "a RAR archive", unpack},
    {"\x89HDF"sv, "an HDF5 file", ""},
    {"\x93NUMPY"sv, "a NumPy array", ""},
    {"\x89PNG"sv, "a PNG picture", ""},
    {"\xff\xd8\xff"sv, "a JPEG picture", ""},
    {"%PDF", "a PDF document", ""},
};

const Kind* find_kind(std::span<const Kind> kinds, std::string_view content) {
  const auto found = std::ranges::find_if(kinds, [&](const Kind& kind) { return content.starts_with(kind.beginning); });
  return found == kinds.end() ? nullptr : &*found;
}

bool is_text(std::string_view content) {
  return std::ranges::all_of(
      content, [](unsigned char byte) { return byte >= 0x80 || std::isprint(byte) || std::isspace(byte); });
}

std::string_view without_blanks(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  return text;
}

}  // namespace

ForeignContent foreign_content(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t enough = 16;
  const std::string_view content(reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), enough));
  const Kind* kind = find_kind(binaries, content);
  if (kind == nullptr) kind = find_kind(texts, without_blanks(content));
  if (kind != nullptr) return {.name = std::string(kind->name), .hint = std::string(kind->hint)};
  return {.name = is_text(content) ? "text" : "", .hint = ""};
}

}  // namespace nib
