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

/// Asks again where the image is moved by a little.
std::optional<Stability> stability_in(Classifier& classifier, const OwnImage& image) {
  const auto images = moved_images(image.prepared.image.pixels, classifier.model().network.input);
  if (!images) return std::nullopt;
  std::vector<std::uint8_t> pixels;
  for (const auto& each : *images) pixels.insert(pixels.end(), each.begin(), each.end());
  const std::vector<float> all = classifier.probabilities(pixels);
  std::array<std::vector<float>, moves> probabilities;
  for (std::size_t i = 0; i < moves; ++i) {
    const auto own = std::span(all).subspan(i * image.probabilities.size(), image.probabilities.size());
    probabilities[i].assign(own.begin(), own.end());
  }
  return stability_of(image.probabilities, probabilities);
}

}  // namespace

OwnImage read_image(std::span<const std::uint8_t> bytes, const std::string& source, bool as_is,
                    const std::vector<std::string>& class_names, Classifier& classifier, const Trust& trust) {
  OwnImage image{.source = source, .picture = decode_image(bytes, source), .as_is = as_is};
  const Shape& input = classifier.model().network.input;
  image.prepared = (as_is ? take_as_is : prepare_image)(image.picture, input.height, input.width, image.source);
  Trust::Answer answer = trust.answer(image.prepared.image.pixels, classifier);
  image.probabilities = std::move(answer.probabilities);
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
  else if (const auto stability = stability_in(classifier, image);
           stability && !stability->stable(image.verdict ? least_sure : least_stable))
    warnings.push_back(unstable_warning(*stability, input, class_names));
  return image;
}

}  // namespace nib
