#include "drawing/text_fit.h"

#include <algorithm>

#include "base/text.h"

namespace nib {
namespace {

/// Of a character, in parts of the font's size: Arial's digits have 0.556, most letters less.
constexpr double mean_width = 0.53;

}  // namespace

double estimated_width(std::string_view text, double size) {
  return mean_width * size * static_cast<double>(text_width(text));
}

double fitting_size(std::string_view text, double width, double size) {
  const double estimated = estimated_width(text, size);
  return estimated <= width ? size : size * width / estimated;
}

}  // namespace nib
