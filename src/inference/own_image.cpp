#include "inference/own_image.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <utility>

#include "inference/stability.h"
#include "score/stroke_signs.h"

namespace nib {
namespace {

/// An image, and behind it the same moved by a little, where it is large enough for that: all are asked for at once.
std::vector<std::uint8_t> with_moved_ones(const std::vector<std::uint8_t>& image, const Shape& input) {
  std::vector<std::uint8_t> pixels = image;
  if (const auto moved = moved_images(image, input))
    for (const auto& each : *moved) pixels.insert(pixels.end(), each.begin(), each.end());
  return pixels;
}

/// Of the probabilities of these.
std::optional<Stability> stability_in(std::span<const float> all, std::size_t classes) {
  if (all.size() == classes) return std::nullopt;
  std::array<std::vector<float>, moves> moved;
  for (std::size_t i = 0; i < moves; ++i) {
    const auto own = all.subspan((i + 1) * classes, classes);
    moved[i].assign(own.begin(), own.end());
  }
  return stability_of(all.first(classes), moved);
}

}  // namespace

OwnImage read_image(std::span<const std::uint8_t> bytes, const std::string& source, bool as_is,
                    const std::vector<std::string>& class_names, Classifier& classifier, const Trust& trust) {
  OwnImage image{.source = source, .picture = decode_image(bytes, source), .as_is = as_is};
  const Shape& input = classifier.model().network.input;
  image.prepared = (as_is ? take_as_is : prepare_image)(image.picture, input.height, input.width, image.source);
  const Trust::Answer answer = trust.answer(with_moved_ones(image.prepared.image.pixels, input));
  const std::size_t classes = class_count(classifier.model().network);
  image.probabilities.assign(answer.probabilities.begin(),
                             answer.probabilities.begin() + static_cast<std::ptrdiff_t>(classes));
  image.verdict = answer.verdict;
  std::vector<std::string>& warnings = image.prepared.warnings;
  if (trust.has_judge()) {
    if (!as_is)
      std::ranges::copy(warnings_of(stroke_signs(image.prepared.steps.back().stage())), std::back_inserter(warnings));
    std::ranges::copy(trust.warnings(*image.verdict, image.prepared.image.pixels), std::back_inserter(warnings));
  }
  const float likeliest = *std::ranges::max_element(image.probabilities);
  if (image.verdict && image.verdict->probability < least_sure)
    warnings.push_back(fmt::format("the network is not sure: {:.0f} % for the likeliest class, calibrated",
                                   image.verdict->probability * 100));
  else if (!image.verdict && likeliest < low_confidence)
    warnings.push_back(fmt::format("the network is not sure: {:.0f} % for the likeliest class", likeliest * 100));
  else if (const auto stability = stability_in(answer.probabilities, classes);
           stability && !stability->stable(image.verdict ? least_sure : least_stable))
    warnings.push_back(unstable_warning(*stability, input, class_names));
  return image;
}

}  // namespace nib
