#include "images/decoding/exif.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

namespace nib {
namespace {

using Bytes = std::span<const std::uint8_t>;

bool begins(Bytes bytes, std::string_view text) {
  return bytes.size() >= text.size() &&
         std::equal(text.begin(), text.end(), bytes.begin(),
                    [](char letter, std::uint8_t byte) { return static_cast<std::uint8_t>(letter) == byte; });
}

/// Numbers of a TIFF file, in its own byte order; nothing behind its end.
class Tiff {
 public:
  explicit Tiff(Bytes bytes) : bytes_(bytes), little_(begins(bytes, "II")) {}

  std::optional<std::uint32_t> number(std::size_t offset, std::size_t size) const {
    if (offset > bytes_.size() || size > bytes_.size() - offset) return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t index = 0; index < size; ++index)
      value = (value << 8) | bytes_[offset + (little_ ? size - 1 - index : index)];
    return value;
  }

 private:
  Bytes bytes_;
  bool little_;
};

constexpr std::size_t entry_bytes = 12;
constexpr std::uint32_t orientation_tag = 0x0112, short_type = 3;

}  // namespace

Orientation exif_orientation(Bytes exif) {
  using namespace std::string_view_literals;
  if (!begins(exif, "II*\0"sv) && !begins(exif, "MM\0*"sv)) return upright;
  const Tiff tiff(exif);
  const std::size_t directory = tiff.number(4, 4).value_or(0);
  const std::uint32_t entries = tiff.number(directory, 2).value_or(0);
  for (std::uint32_t index = 0; index < entries; ++index) {
    const std::size_t entry = directory + 2 + index * entry_bytes;
    const auto tag = tiff.number(entry, 2);
    if (!tag) return upright;
    if (tag != orientation_tag) continue;
    if (tiff.number(entry + 2, 2) != short_type || tiff.number(entry + 4, 4) != 1u) return upright;
    const std::uint32_t value = tiff.number(entry + 8, 2).value_or(upright);
    return value >= 1 && value <= 8 ? value : upright;
  }
  return upright;
}

Orientation app1_orientation(Bytes segment) {
  using namespace std::string_view_literals;
  constexpr auto identifier = "Exif\0\0"sv;
  return begins(segment, identifier) ? exif_orientation(segment.subspan(identifier.size())) : upright;
}

}  // namespace nib
