#include "score/fit.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "engines/cpu/features.h"
#include "nib/engine.h"
#include "nib/training.h"
#include "score/teach.h"
#include "statistics/predictions.h"
#include "statistics/quantile.h"
#include "statistics/temperature.h"

namespace nib {
namespace {

constexpr std::size_t least_validation = 500;  ///< images: the limit is then what seven of them exceed
constexpr std::size_t limit_images = 4'000;
constexpr double flagged_digits = 0.014;  ///< of them

std::vector<float> probabilities_of(const Network& network, const Parameters& parameters, const Dataset& validation,
                                    unsigned threads) {
  std::string note;
  const auto engine = make_engine("cpu", {.network = network, .cpu = {.threads = threads}}, note);
  engine->set_state(first_state(network, parameters));
  std::vector<float> probabilities(validation.size() * class_count(network));
  engine->evaluate(engine->upload(std::make_shared<const Dataset>(validation)), probabilities, {});
  return probabilities;
}

/// What so few digits are judged none by more than.
double limit_of(const Judge& judge, cpu::FeatureReader& reader, const Dataset& validation, unsigned threads) {
  const std::size_t count = std::min(limit_images, validation.size());
  std::vector<double> nones;
  std::vector<std::uint8_t> bytes(judge.input.size());
  reader.read(digits_as_read(validation, count, 0, count, threads), [&](const cpu::FeatureReader::Image& image) {
    judge.input.write(image.units, image.maps, bytes);
    nones.push_back(none(judge.verdict(bytes)));
  });
  return quantile(nones, 1 - flagged_digits);
}

}  // namespace

FittedScore fit_score(const Network& network, const Parameters& parameters, const Dataset& training,
                      const Dataset* validation, unsigned threads) {
  FittedScore fitted;
  if (validation == nullptr || validation->size() < least_validation) {
    fitted.why_no_score = fmt::format("there are fewer than {} validation images", least_validation);
    return fitted;
  }
  const std::vector<float> probabilities = probabilities_of(network, parameters, *validation, threads);
  if (!std::ranges::all_of(probabilities, [](float each) { return std::isfinite(each); })) {
    fitted.why_no_score = "its probabilities are not finite";
    return fitted;
  }
  Score score{.temperature =
                  fitted_temperature(make_predictions(validation->labels, probabilities, class_count(network)))};
  fitted.why_no_judge = why_no_judge(network, training);
  if (fitted.why_no_judge.empty()) {
    cpu::FeatureReader reader(network, parameters, threads);
    score.judge = taught_judge(network, reader, training, threads);
    if (score.judge)
      score.most_none = limit_of(*score.judge, reader, *validation, threads);
    else
      fitted.why_no_judge = "its features are not finite";
  }
  fitted.score = std::move(score);
  return fitted;
}

}  // namespace nib
