#include "inference/trust.h"

#include <fmt/core.h>

#include <algorithm>
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

Trust::Trust(Classifier& classifier, unsigned threads)
    : classifier_(classifier), model_(classifier.model()), threads_(threads) {
  if (!model_.score.empty()) score_ = parse_score(model_.score, model_.network, model_.file + ": nib.score");
}

cpu::FeatureReader& Trust::reader() const {
  if (reader_) return *reader_;
  const std::uint32_t cells = score_->judge->input.cells;
  if (cpu::steps_of(classifier_.engine()))
    reader_ = std::make_unique<cpu::FeatureReader>(classifier_.engine(), cells);
  else
    reader_ = std::make_unique<cpu::FeatureReader>(model_.network, model_.parameters, threads_, cells);
  return *reader_;
}

Trust::Features Trust::features(const Dataset& images, std::size_t judged) const {
  const JudgeInput& input = score_->judge->input;
  Features all{std::vector<std::uint8_t>(judged * input.size()), {}};
  reader().read(images, [&](const cpu::FeatureReader::Image& image) {
    check_finite(image.probabilities);
    if (image.index < judged)
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
                   .labels = {}},
                  1);
}

Trust::Answer Trust::answer(std::span<const std::uint8_t> pixels) const {
  const auto first = [&](const std::vector<float>& probabilities) {
    return std::span(probabilities).first(class_count(model_.network));
  };
  if (!has_judge()) {
    Answer answer{.probabilities = classifier_.probabilities(pixels)};
    if (score_) answer.verdict = verdict_of(*score_, first(answer.probabilities), {});
    return answer;
  }
  Features features = features_of(pixels);
  const Verdict verdict = verdict_of(*score_, first(features.probabilities), features.inputs);
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

std::optional<Evaluation> Trust::test(const Dataset& images, std::vector<std::uint8_t>& inputs) const {
  const JudgeInput& input = score_->judge->input;
  inputs.resize(images.size() * input.size());
  return evaluate_by(images, [&](std::span<float> probabilities, const EvaluationProgress& progress) {
    const auto take = [&](const cpu::FeatureReader::Image& image) {
      input.write(image.units, image.maps, std::span(inputs).subspan(image.index * input.size(), input.size()));
      std::ranges::copy(image.probabilities,
                        probabilities.begin() + static_cast<std::ptrdiff_t>(image.index * image.probabilities.size()));
    };
    return reader().test(images, take, progress);
  });
}

Coverage Trust::coverage_on(const Dataset& images, const Predictions& predictions,
                            std::span<const std::uint8_t> inputs) const {
  if (!score_->judge || !inputs.empty()) return coverage(*score_, predictions, inputs);
  return coverage(*score_, predictions, features(images, images.size()).inputs);
}

}  // namespace nib
