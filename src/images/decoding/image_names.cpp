#include "images/decoding/image_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <string_view>

namespace nib {
namespace {

constexpr std::array<std::string_view, 10> endings = {".png",  ".jpg", ".jpeg", ".webp", ".heic",
                                                      ".heif", ".pgm", ".pbm",  ".ppm",  ".pnm"};

}  // namespace

bool is_image_name(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  std::ranges::transform(ending, ending.begin(), [](unsigned char letter) { return std::tolower(letter); });
  return std::ranges::find(endings, ending) != endings.end() && !path.filename().string().starts_with('.');
}

std::string image_endings() {
  return fmt::format("{} or {}", fmt::join(std::span(endings).first(endings.size() - 1), ", "), endings.back());
}

}  // namespace nib
