#include "inference/answers.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

namespace nib {

double largest_difference(Classifier& one, Classifier& other, const Dataset& images) {
  const std::size_t pixels = std::size_t{images.rows} * images.columns;
  double largest = 0;
  for (std::size_t image = 0; image < images.size(); ++image) {
    const std::span<const std::uint8_t> shown(images.image(image), pixels);
    const std::vector<float> first = one.probabilities(shown), second = other.probabilities(shown);
    for (std::size_t index = 0; index < first.size(); ++index)
      largest = std::max(largest, std::abs(double{first[index]} - double{second[index]}));
  }
  return largest;
}

}  // namespace nib
