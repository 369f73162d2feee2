#include "images/decoding/image_names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>

namespace nib {

bool is_image_name(const std::filesystem::path& path) {
  constexpr std::array<std::string_view, 7> endings = {".png", ".jpg", ".jpeg", ".pgm", ".pbm", ".ppm", ".pnm"};
  std::string ending = path.extension().string();
  std::ranges::transform(ending, ending.begin(), [](unsigned char letter) { return std::tolower(letter); });
  return std::ranges::find(endings, ending) != endings.end() && !path.filename().string().starts_with('.');
}

}  // namespace nib
