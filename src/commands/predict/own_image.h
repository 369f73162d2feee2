#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/predict/top_classes.h"
#include "drawing/drawing.h"
#include "encodings/json.h"
#include "images/decoding/decode.h"
#include "images/preparation/prepare.h"
#include "score/score.h"
#include "terminal/terminal.h"

namespace nib {

/// A user's own image, what was made of it, and what the network says.
struct OwnImage {
  std::string source;
  GreyImage picture{};
  PreparedImage prepared{};
  bool as_is = false;
  std::vector<float> probabilities{};  ///< one a class
  std::optional<Verdict> verdict{};    ///< where the weights have a score

  std::vector<ClassProbability> top() const { return top_classes(probabilities); }
};

/// Below this probability of the likeliest class a warning says that the network is not sure.
inline constexpr float low_confidence = 0.6F;

/// Name, size and polarity; what the network saw, beside it (where the terminal is too narrow below it) the likeliest
/// classes; the warnings.
std::string own_image_text(const OwnImage& image, const std::vector<std::string>& class_names,
                           const Terminal& terminal);

/// See docs/json.md.
Json own_image_json(const OwnImage& image, const std::vector<std::string>& class_names);

/// The steps of the preparation in a row, and the likeliest classes with a bar each.
Drawing own_image_picture(const OwnImage& image, const std::vector<std::string>& class_names);

}  // namespace nib
