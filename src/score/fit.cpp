#include "score/fit.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "engines/cpu/features.h"
#include "nib/engine.h"
#include "nib/training.h"
#include "score/no_digits.h"
#include "statistics/predictions.h"
#include "statistics/quantile.h"
#include "statistics/temperature.h"

namespace nib {
namespace {

constexpr std::size_t least_validation = 500;  ///< images: the limit of one in a hundred is five of them
constexpr std::size_t judge_digits = 14'000, judge_others = 16'000;
constexpr std::size_t most_features = 1024;
constexpr double flagged_digits = 0.01;  ///< of the validation images
constexpr double most_work = 2e11;       ///< multiplications of the judge's images: ten seconds of two cores

/// Of the network's layers on one image.
double multiplications(const Network& network) {
  const std::vector<Shape> shapes = output_shapes(network);
  double sum = 0;
  for (const ParameterSpec& spec : parameter_specs(network)) {
    const Shape& shape = shapes[spec.layer];
    sum += static_cast<double>(spec.size()) * shape.height * shape.width;
  }
  return sum;
}

bool has_digits(const Dataset& set) {
  if (set.class_names.size() != 10) return false;
  for (std::size_t i = 0; i < 10; ++i)
    if (set.class_names[i] != std::to_string(i)) return false;
  return true;
}

std::string why_no_judge(const Network& network, const Dataset& training) {
  const std::optional<std::size_t> features = cpu::feature_count(network);
  constexpr std::uint32_t least_side = 14;
  if (!has_digits(training)) return "its classes are not the ten digits";
  if (training.rows != training.columns || training.rows < least_side) return "its images are no squares of 14 or more";
  if (!features) return "the network has no dense layer before its last one";
  if (*features > most_features) return fmt::format("its last hidden layer has more than {} units", most_features);
  if (multiplications(network) * (judge_digits + judge_others) > most_work) return "the network is too large for it";
  return {};
}

/// As many images as that, spread over the whole set; every second one with its grey edges made sharp, as those of
/// pictures that are drawn anew are.
Dataset some_of(const Dataset& set, std::size_t most) {
  const std::size_t count = std::min(most, set.size()), size = std::size_t{set.rows} * set.columns;
  Dataset some{set.rows, set.columns, set.class_names, {}, {}};
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* const image = set.image(i * set.size() / count);
    some.pixels.insert(some.pixels.end(), image, image + size);
    if (i % 2 == 0) continue;
    for (std::uint8_t& pixel : std::span(some.pixels).last(size))
      pixel = static_cast<std::uint8_t>(std::clamp(2 * (pixel - 128) + 128, 0, 255));
  }
  return some;
}

/// The greatest feature of an image, in the mean: few lie above.
float usual_greatest(const cpu::Features& features) {
  double sum = 0;
  const std::size_t images = features.values.size() / features.width;
  for (std::size_t i = 0; i < images; ++i)
    sum += static_cast<double>(
        *std::max_element(features.values.begin() + static_cast<std::ptrdiff_t>(i * features.width),
                          features.values.begin() + static_cast<std::ptrdiff_t>((i + 1) * features.width)));
  return std::max(1e-6F, static_cast<float>(sum / static_cast<double>(std::max<std::size_t>(images, 1))));
}

/// Learns from images that are digits or not, epoch by epoch in smaller steps; nothing where features overflow.
std::optional<Judge> taught(const cpu::Features& digits, const cpu::Features& others,
                            const std::vector<std::uint8_t>& shown, unsigned threads) {
  const float full = usual_greatest(digits);
  const auto finite = [](float value) { return std::isfinite(value); };
  if (!std::ranges::all_of(digits.values, finite) || !std::ranges::all_of(others.values, finite)) return std::nullopt;
  Dataset set = judge_images(digits.values, digits.width, full);
  set.labels.assign(set.size(), static_cast<std::uint8_t>(Shown::digit));
  const Dataset more = judge_images(others.values, digits.width, full);
  set.pixels.insert(set.pixels.end(), more.pixels.begin(), more.pixels.end());
  set.labels.insert(set.labels.end(), shown.begin(), shown.end());
  const auto count = static_cast<std::uint32_t>(set.size());
  const Network network = judge_network(digits.width);
  constexpr std::uint32_t batch = 128;
  std::string note;
  const std::unique_ptr<Engine> engine =
      make_engine("cpu", {.network = network, .batch = batch, .cpu = {.threads = threads}}, note);
  const ImageSet images = engine->upload(std::make_shared<const Dataset>(std::move(set)));
  constexpr std::uint32_t epochs = 14;
  for (std::uint32_t epoch = 0; epoch < epochs; ++epoch) {
    const std::vector<double> rates(steps_an_epoch(count, batch), 0.006 * (1 - 0.9 * epoch / epochs));
    if (engine->train(images, shuffled_order(0, epoch + 1, count), rates, {}).nonfinite_step) return std::nullopt;
  }
  return judge_of(engine->state().parameters, digits.width, full);
}

std::optional<Judge> fit_judge(const Network& network, const Parameters& parameters, const Dataset& training,
                               unsigned threads) {
  NoDigits others = no_digits(training, judge_others, threads);
  const cpu::Features features = cpu::features_of(network, parameters, others.images, threads);
  cpu::Features kept{.width = features.width};
  std::vector<std::uint8_t> shown;
  const std::size_t classes = class_count(network);
  for (std::size_t i = 0; i < others.images.size(); ++i) {
    const auto row = features.probabilities.begin() + static_cast<std::ptrdiff_t>(i * classes);
    const auto predicted = std::max_element(row, row + static_cast<std::ptrdiff_t>(classes)) - row;
    if (others.images.labels[i] == static_cast<std::uint8_t>(Shown::turned) && predicted == others.classes[i]) continue;
    const auto values = features.values.begin() + static_cast<std::ptrdiff_t>(i * features.width);
    kept.values.insert(kept.values.end(), values, values + static_cast<std::ptrdiff_t>(features.width));
    shown.push_back(others.images.labels[i]);
  }
  return taught(cpu::features_of(network, parameters, some_of(training, judge_digits), threads), kept, shown, threads);
}

}  // namespace

FittedScore fit_score(const Network& network, const Parameters& parameters, const Dataset& training,
                      const Dataset* validation, unsigned threads) {
  FittedScore fitted;
  if (validation == nullptr || validation->size() < least_validation) {
    fitted.why_no_score = fmt::format("there are fewer than {} validation images", least_validation);
    return fitted;
  }
  fitted.why_no_judge = why_no_judge(network, training);
  std::vector<float> probabilities, features;
  if (fitted.why_no_judge.empty()) {
    cpu::Features both = cpu::features_of(network, parameters, *validation, threads);
    probabilities = std::move(both.probabilities);
    features = std::move(both.values);
  } else {
    std::string note;
    const auto engine = make_engine("cpu", {.network = network, .cpu = {.threads = threads}}, note);
    engine->set_state(first_state(network, parameters));
    probabilities.resize(validation->size() * class_count(network));
    engine->evaluate(engine->upload(std::make_shared<const Dataset>(*validation)), probabilities, {});
  }
  if (!std::ranges::all_of(probabilities, [](float each) { return std::isfinite(each); })) {
    fitted.why_no_score = "its probabilities are not finite";
    return fitted;
  }
  Score score{.temperature =
                  fitted_temperature(make_predictions(validation->labels, probabilities, class_count(network)))};
  if (fitted.why_no_judge.empty()) {
    score.judge = fit_judge(network, parameters, training, threads);
    if (!score.judge) fitted.why_no_judge = "its features are not finite";
  }
  if (score.judge) {
    std::vector<double> nones;
    const std::size_t width = score.judge->features;
    for (std::size_t i = 0; i < validation->size(); ++i)
      nones.push_back(none(score.judge->verdict(std::span(features).subspan(i * width, width))));
    score.most_none = quantile(nones, 1 - flagged_digits);
  }
  fitted.score = std::move(score);
  return fitted;
}

}  // namespace nib
