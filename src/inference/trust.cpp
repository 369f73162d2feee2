#include "inference/trust.h"

#include <fmt/core.h>

#include "engines/cpu/features.h"

namespace nib {
namespace {

/// Turned the right way an image has to be far from the limit: a letter may come below it by chance.
constexpr double surely_a_digit = 0.1;  ///< of the limit

std::string what_else(Shown shown) {
  switch (shown) {
    case Shown::several:
      return "several digits";
    case Shown::blot:
      return "a blot or a texture";
    case Shown::turned:
      return "something turned";
    default:
      return "a letter or a drawing";
  }
}

}  // namespace

Trust::Trust(const WeightsFile& model) : model_(model) {
  if (!model.score.empty()) score_ = parse_score(model.score, model.network, model.file + ": nib.score");
}

std::vector<float> Trust::features(std::span<const std::uint8_t> pixels) const {
  const Shape& input = model_.network.input;
  const Dataset image{.rows = input.height,
                      .columns = input.width,
                      .class_names = std::vector<std::string>(class_count(model_.network)),
                      .pixels = {pixels.begin(), pixels.end()},
                      .labels = {}};
  return cpu::features_of(model_.network, model_.parameters, image, 1).values;
}

std::optional<Verdict> Trust::verdict(std::span<const std::uint8_t> pixels,
                                      std::span<const float> probabilities) const {
  if (!score_) return std::nullopt;
  return verdict_of(*score_, probabilities, score_->judge ? features(pixels) : std::vector<float>());
}

std::vector<std::string> Trust::warnings(const Verdict& verdict, std::span<const std::uint8_t> pixels) const {
  if (!verdict.shown) return {};
  std::vector<std::string> warnings = {
      fmt::format("looks like no single digit, more like {}: it is {:.0f} % likely to be none (at most {:.0f} % for "
                  "nearly all digits)",
                  what_else(*verdict.shown), 100 * *verdict.no_digit, 100 * score_->most_none)};
  const Shape& input = model_.network.input;
  if (input.height != input.width) return warnings;
  for (const bool to_the_right : {true, false}) {
    const std::vector<std::uint8_t> other = turned(pixels, input.height, to_the_right);
    if (none(score_->judge->verdict(features(other))) > surely_a_digit * score_->most_none) continue;
    warnings.push_back(
        fmt::format("may be turned: by a quarter to the {} it looks like a digit", to_the_right ? "right" : "left"));
    break;
  }
  return warnings;
}

Coverage Trust::coverage_on(const Dataset& images, const Predictions& predictions, unsigned threads) const {
  std::vector<float> features;
  if (score_->judge) features = cpu::features_of(model_.network, model_.parameters, images, threads).values;
  return coverage(*score_, predictions, features);
}

}  // namespace nib
