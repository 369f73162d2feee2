#include "inference/trust.h"

#include <fmt/core.h>

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

Trust::Trust(const WeightsFile& model, unsigned threads) : model_(model) {
  if (!model.score.empty()) score_ = parse_score(model.score, model.network, model.file + ": nib.score");
  if (has_judge())
    reader_ =
        std::make_unique<cpu::FeatureReader>(model.network, model.parameters, threads, score_->judge->input.cells);
}

std::vector<std::uint8_t> Trust::inputs(const Dataset& images) const {
  const JudgeInput& input = score_->judge->input;
  std::vector<std::uint8_t> bytes(images.size() * input.size());
  reader_->read(images, [&](const cpu::FeatureReader::Image& image) {
    input.write(image.units, image.maps, std::span(bytes).subspan(image.index * input.size(), input.size()));
  });
  return bytes;
}

std::vector<std::uint8_t> Trust::input_of(std::span<const std::uint8_t> pixels) const {
  const Shape& input = model_.network.input;
  const Dataset image{.rows = input.height,
                      .columns = input.width,
                      .class_names = std::vector<std::string>(class_count(model_.network)),
                      .pixels = {pixels.begin(), pixels.end()},
                      .labels = {}};
  return inputs(image);
}

std::optional<Verdict> Trust::verdict(std::span<const std::uint8_t> pixels,
                                      std::span<const float> probabilities) const {
  if (!score_) return std::nullopt;
  return verdict_of(*score_, probabilities, score_->judge ? input_of(pixels) : std::vector<std::uint8_t>());
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
    if (none(score_->judge->verdict(input_of(other))) > surely_a_digit * score_->most_none) continue;
    warnings.push_back(
        fmt::format("may be turned: by a quarter to the {} it looks like a digit", to_the_right ? "right" : "left"));
    break;
  }
  return warnings;
}

Coverage Trust::coverage_on(const Dataset& images, const Predictions& predictions) const {
  return coverage(*score_, predictions, score_->judge ? inputs(images) : std::vector<std::uint8_t>());
}

}  // namespace nib
