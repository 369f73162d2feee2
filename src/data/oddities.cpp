#include "data/oddities.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"

namespace nib {
namespace {

std::vector<std::string> oddities_of_labels(const LoadedFile& loaded, const std::string& file) {
  const auto [least, most] = std::ranges::minmax(loaded.values);
  if (least != most) return {};
  return {fmt::format("{}: every label is {}", file, most)};
}

/// Images of 0 and 1, as some tools write them, look black to a network that was trained on 0 to 255.
std::vector<std::string> oddities_of_images(const LoadedFile& loaded, const std::string& file) {
  constexpr std::uint8_t pale = 32;  // scikit-learn's digits go up to 16
  std::vector<std::string> lines;
  const auto image_bytes = static_cast<std::ptrdiff_t>(loaded.header.value_bytes() / loaded.header.count);
  std::uint64_t blank = 0;
  for (auto image = loaded.values.begin(); image != loaded.values.end(); image += image_bytes)
    if (std::all_of(image, image + image_bytes, [](std::uint8_t pixel) { return pixel == 0; })) ++blank;
  if (blank > 0)
    lines.push_back(fmt::format("{}: {} of {} images are blank (all zero)", file, with_commas(blank),
                                with_commas(loaded.header.count)));
  // With ink in it, a set is known to have some after a few bytes.
  if (std::ranges::any_of(loaded.values, [](std::uint8_t pixel) { return pixel >= pale; })) return lines;
  if (const std::uint8_t most = std::ranges::max(loaded.values); most > 0)
    lines.push_back(fmt::format("{}: no pixel is above {}, and full ink is 255: were the images scaled?", file, most));
  return lines;
}

}  // namespace

std::vector<std::string> oddities(const LoadedFile& loaded) {
  const std::string file = printable(loaded.file.path.string());
  return loaded.header.kind == IdxKind::labels ? oddities_of_labels(loaded, file) : oddities_of_images(loaded, file);
}

}  // namespace nib
