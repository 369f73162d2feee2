#include "inference/trust.h"

#include <fmt/core.h>

#include <utility>

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

Trust::Trust(const WeightsFile& model, unsigned threads) : model_(model), threads_(threads) {
  if (!model.score.empty()) score_ = parse_score(model.score, model.network, model.file + ": nib.score");
}

Trust::Features Trust::features(const Dataset& images) const {
  if (!reader_)
    reader_ =
        std::make_unique<cpu::FeatureReader>(model_.network, model_.parameters, threads_, score_->judge->input.cells);
  const JudgeInput& input = score_->judge->input;
  Features all{std::vector<std::uint8_t>(images.size() * input.size()), {}};
  reader_->read(images, [&](const cpu::FeatureReader::Image& image) {
    check_finite(image.probabilities);
    input.write(image.units, image.maps, std::span(all.inputs).subspan(image.index * input.size(), input.size()));
    all.probabilities.insert(all.probabilities.end(), image.probabilities.begin(), image.probabilities.end());
  });
  return all;
}

Trust::Features Trust::features_of(std::span<const std::uint8_t> pixels) const {
  const Shape& input = model_.network.input;
  return features({.rows = input.height,
                   .columns = input.width,
                   .class_names = std::vector<std::string>(class_count(model_.network)),
                   .pixels = {pixels.begin(), pixels.end()},
                   .labels = {}});
}

Trust::Answer Trust::answer(std::span<const std::uint8_t> pixels, Classifier& classifier) const {
  if (!has_judge()) {
    Answer answer{.probabilities = classifier.probabilities(pixels)};
    if (score_) answer.verdict = verdict_of(*score_, answer.probabilities, {});
    return answer;
  }
  Features features = features_of(pixels);
  const Verdict verdict = verdict_of(*score_, features.probabilities, features.inputs);
  return {std::move(features.probabilities), verdict};
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
    if (none(score_->judge->verdict(features_of(other).inputs)) > surely_a_digit * score_->most_none) continue;
    warnings.push_back(
        fmt::format("may be turned: by a quarter to the {} it looks like a digit", to_the_right ? "right" : "left"));
    break;
  }
  return warnings;
}

Coverage Trust::coverage_on(const Dataset& images, const Predictions& predictions) const {
  return coverage(*score_, predictions, score_->judge ? features(images).inputs : std::vector<std::uint8_t>());
}

}  // namespace nib
