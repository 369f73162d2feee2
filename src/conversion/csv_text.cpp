#include "conversion/csv_text.h"

#include <fmt/core.h>

#include <array>
#include <cstddef>

namespace nib {

std::string csv_text(const Dataset& part) {
  const std::size_t pixels = std::size_t{part.rows} * part.columns;
  std::string text = part.labels.empty() ? "" : "label";
  for (std::size_t i = 0; i < pixels; ++i) text += fmt::format("{}pixel{}", text.empty() ? "" : ",", i);
  text += '\n';

  std::array<std::string, 256> numbers;
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = std::to_string(i) + ',';
  std::size_t size = text.size();
  for (const std::uint8_t pixel : part.pixels) size += numbers[pixel].size();
  for (const std::uint8_t label : part.labels) size += numbers[label].size();
  text.reserve(size);
  for (std::size_t image = 0; image < part.size(); ++image) {
    if (!part.labels.empty()) text += numbers[part.labels[image]];
    for (std::size_t i = 0; i < pixels; ++i) text += numbers[part.image(image)[i]];
    text.back() = '\n';
  }
  return text;
}

}  // namespace nib
