#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "images/decoding/decode.h"
#include "images/preparation/prepare.h"
#include "inference/classifier.h"
#include "inference/trust.h"
#include "score/score.h"

namespace nib {

/// A user's own image, what was made of it, and what the network says.
struct OwnImage {
  std::string source;
  GreyImage picture{};
  PreparedImage prepared{};
  bool as_is = false;
  std::vector<float> probabilities{};  ///< one a class
  std::optional<Verdict> verdict{};    ///< where the weights have a score
};

/// Below this probability of the likeliest class a warning says that the network is not sure.
inline constexpr float low_confidence = 0.6F;

/// What the network says of an image file's content, and why the answer may be none, in the words of `class_names`.
/// Messages and documents call it `source`; `as_is`: without preparation. Throws Error, see decode_image(),
/// prepare_image() and Classifier::probabilities().
OwnImage read_image(std::span<const std::uint8_t> bytes, const std::string& source, bool as_is,
                    const std::vector<std::string>& class_names, Classifier& classifier, const Trust& trust);

}  // namespace nib
