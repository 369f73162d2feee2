#include "data/equal_images.h"

#include <string_view>
#include <unordered_map>

namespace nib {

std::vector<std::size_t> first_equal_images(const BothParts& images) {
  std::unordered_map<std::string_view, std::size_t> first;
  first.reserve(images.size());
  std::vector<std::size_t> result;
  result.reserve(images.size());
  for (std::size_t i = 0; i < images.size(); ++i) {
    const std::span<const std::uint8_t> pixels = images.image(i);
    const std::string_view bytes(reinterpret_cast<const char*>(pixels.data()), pixels.size());
    result.push_back(first.try_emplace(bytes, i).first->second);
  }
  return result;
}

}  // namespace nib
