#include "score/teach.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "base/threads.h"
#include "nib/engine.h"
#include "nib/training.h"
#include "score/no_digits.h"
#include "score/redraw.h"

namespace nib {
namespace {

constexpr std::size_t judge_digits = 12'000, judge_others = 15'000;
constexpr std::size_t portion = 1'024;  ///< images that are made, read and let go at a time
constexpr std::size_t most_features = 1'024;
constexpr double most_work = 2e11;  ///< multiplications of the judge's images: ten seconds of two cores

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

/// Scaled by what the greatest number of an image is in the mean: few lie above.
JudgeInput input_for(const Network& network, cpu::FeatureReader& reader, const Dataset& digits) {
  const std::size_t units = *cpu::unit_count(network), maps = cpu::map_number_count(network);
  JudgeInput input{.units = static_cast<std::uint32_t>(units),
                   .maps = static_cast<std::uint32_t>(units + maps <= most_features ? maps : 0)};
  double unit_sum = 0, map_sum = 0;
  reader.read(digits, [&](const cpu::FeatureReader::Image& image) {
    unit_sum += static_cast<double>(std::ranges::max(image.units));
    if (input.maps > 0) map_sum += static_cast<double>(std::ranges::max(image.maps));
  });
  const auto mean = [&](double sum) {
    return std::max(1e-6F, static_cast<float>(sum / static_cast<double>(std::max<std::size_t>(digits.size(), 1))));
  };
  input.full_units = mean(unit_sum);
  input.full_maps = mean(map_sum);
  return input;
}

/// What a judge learns from, byte by byte.
class Lessons {
 public:
  explicit Lessons(const JudgeInput& input) : input_(input) {
    const Network network = judge_network(input);
    set_ = {network.input.height, network.input.width, std::vector<std::string>(shown_kinds), {}, {}};
    set_.pixels.reserve((judge_digits + judge_others) * std::size_t{set_.rows} * set_.columns);
  }
  void add(const cpu::FeatureReader::Image& image, Shown shown) {
    const auto finite = [](float value) { return std::isfinite(value); };
    finite_ = finite_ && std::ranges::all_of(image.units, finite) && std::ranges::all_of(image.maps, finite);
    if (!finite_) return;
    const std::size_t size = std::size_t{set_.rows} * set_.columns;
    set_.pixels.resize(set_.pixels.size() + size);
    input_.write(image.units, image.maps, std::span(set_.pixels).last(size));
    set_.labels.push_back(static_cast<std::uint8_t>(shown));
  }
  bool finite() const { return finite_; }
  Dataset take() { return std::move(set_); }

 private:
  JudgeInput input_;
  Dataset set_;
  bool finite_ = true;
};

/// What is turned and yet read as before looks as before, as 0 does: it teaches nothing.
bool still_reads(const NoDigits& others, const cpu::FeatureReader::Image& image) {
  const auto predicted = std::ranges::max_element(image.probabilities) - image.probabilities.begin();
  return others.images.labels[image.index] == static_cast<std::uint8_t>(Shown::turned) &&
         predicted == others.classes[image.index];
}

std::optional<Judge> learnt(const JudgeInput& input, Dataset lessons, unsigned threads) {
  constexpr std::uint32_t batch = 64, epochs = 9;
  constexpr double first_rate = 0.006, falls_by = 0.98;
  const auto count = static_cast<std::uint32_t>(lessons.size());
  std::string note;
  const std::unique_ptr<Engine> engine =
      make_engine("cpu", {.network = judge_network(input), .batch = batch, .cpu = {.threads = threads}}, note);
  const ImageSet images = engine->upload(std::make_shared<const Dataset>(std::move(lessons)));
  for (std::uint32_t epoch = 0; epoch < epochs; ++epoch) {
    const std::vector<double> rates(steps_an_epoch(count, batch), first_rate * (1 - falls_by * epoch / epochs));
    if (engine->train(images, shuffled_order(0, epoch + 1, count), rates, {}).nonfinite_step) return std::nullopt;
  }
  return judge_of(engine->state().parameters, input);
}

}  // namespace

std::string why_no_judge(const Network& network, const Dataset& training) {
  const std::optional<std::size_t> units = cpu::unit_count(network);
  constexpr std::uint32_t least_side = 14;
  if (!has_digits(training)) return "its classes are not the ten digits";
  if (training.rows != training.columns || training.rows < least_side) return "its images are no squares of 14 or more";
  if (!units) return "the network has no dense layer before its last one";
  if (*units > most_features) return fmt::format("its last hidden layer has more than {} units", most_features);
  if (multiplications(network) * (judge_digits + judge_others) > most_work) return "the network is too large for it";
  return {};
}

Dataset digits_as_read(const Dataset& set, std::size_t most, std::size_t begin, std::size_t count, unsigned threads) {
  const std::size_t size = std::size_t{set.rows} * set.columns;
  Dataset digits{set.rows, set.columns, set.class_names, std::vector<std::uint8_t>(count * size), {}};
  run_side_by_side(threads, [&](std::size_t part) {
    std::vector<std::uint8_t> room;
    for (std::size_t i = part * count / threads; i < (part + 1) * count / threads; ++i) {
      const std::span<std::uint8_t> pixels = std::span(digits.pixels).subspan(i * size, size);
      std::copy_n(set.image((begin + i) * set.size() / most, room), size, pixels.begin());
      if ((begin + i) % 3 == 0) continue;
      Random random(Random::Use::redrawn_digit, begin + i);
      redraw(random, set.rows, set.columns, pixels);
    }
  });
  return digits;
}

std::optional<Judge> taught_judge(const Network& network, cpu::FeatureReader& reader, const Dataset& training,
                                  unsigned threads) {
  const std::size_t digits = std::min(judge_digits, training.size());
  const JudgeInput input =
      input_for(network, reader, digits_as_read(training, digits, 0, std::min(portion, digits), threads));
  Lessons lessons(input);
  for (std::size_t begin = 0; begin < digits; begin += portion)
    reader.read(digits_as_read(training, digits, begin, std::min(portion, digits - begin), threads),
                [&](const cpu::FeatureReader::Image& image) { lessons.add(image, Shown::digit); });
  for (std::size_t begin = 0; begin < judge_others; begin += portion) {
    const NoDigits others = no_digits(training, begin, std::min(portion, judge_others - begin), threads);
    reader.read(others.images, [&](const cpu::FeatureReader::Image& image) {
      if (!still_reads(others, image)) lessons.add(image, static_cast<Shown>(others.images.labels[image.index]));
    });
  }
  if (!lessons.finite()) return std::nullopt;
  return learnt(input, lessons.take(), threads);
}

}  // namespace nib
