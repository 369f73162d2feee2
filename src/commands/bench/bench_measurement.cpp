#include "commands/bench/bench_measurement.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>

#include "base/error.h"
#include "base/signals.h"
#include "base/text.h"
#include "commands/bench/epoch_requests.h"
#include "commands/with_ranks.h"
#include "data/description.h"
#include "inference/model.h"
#include "machine/machine.h"
#include "nib/training.h"
#include "statistics/quantile.h"

namespace nib {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double validation_split = 0.1;
constexpr std::uint64_t most_profiled_steps = 100;

double seconds_between(Clock::time_point begin, Clock::time_point end) {
  return std::chrono::duration<double>(end - begin).count();
}

/// Takes the time of every step: one clock reading a step, some 30 ns beside milliseconds.
class StepClock : public TrainingListener {
 public:
  void epoch_begins(const TrainingProgress&) override { steps_seen_ = 0; }
  void steps_end(const TrainingProgress& progress) override {
    const Clock::time_point now = Clock::now();
    const std::uint64_t steps = progress.step - steps_seen_;
    // The first step of an epoch would include the shuffle.
    if (steps_seen_ > 0)
      seconds_.insert(seconds_.end(), steps, seconds_between(last_, now) / static_cast<double>(steps));
    steps_seen_ = progress.step;
    last_ = now;
  }
  void forget() { seconds_.clear(); }
  std::vector<double> sorted() && {
    std::ranges::sort(seconds_);
    return std::move(seconds_);
  }

 private:
  Clock::time_point last_{};
  std::uint64_t steps_seen_ = 0;
  std::vector<double> seconds_;
};

/// Tells each epoch's times as they come, and keeps those that count: the first is to warm up. Then waits until the
/// next may begin.
class EpochTimes : public TrainingListener {
 public:
  EpochTimes(BenchResult& result, StepClock& clock, EpochRequests& requests, Notes& notes)
      : result_(result), clock_(clock), requests_(requests), notes_(notes) {}

  void epoch_ends(const EpochResult& epoch) override {
    const double validation_seconds = epoch.seconds - epoch.training_seconds;
    const bool warm_up = epoch.epoch == 1;
    notes_.say(fmt::format("  {:<10} {:>8.3f} s training {:>8.3f} s validation\n",
                           warm_up ? "warm-up" : fmt::format("epoch {}", epoch.epoch - 1), epoch.training_seconds,
                           validation_seconds));
    if (warm_up) {
      clock_.forget();
    } else {
      result_.training_seconds.push_back(epoch.training_seconds);
      result_.validation_seconds.push_back(validation_seconds);
    }
    if (epoch.epoch <= result_.options.epochs) requests_.wait();
  }

 private:
  BenchResult& result_;
  StepClock& clock_;
  EpochRequests& requests_;
  Notes& notes_;
};

void measure_steps(Engine& engine, const ImageSet& images, BenchResult& result) {
  const auto count = static_cast<std::uint32_t>(images.dataset().size());
  const std::uint64_t steps = steps_an_epoch(count, result.options.batch);
  result.phase_steps = std::min(most_profiled_steps, steps);
  const std::vector<std::uint32_t> order = shuffled_order(result.options.seed, 1, count);
  result.diagnostics = engine.diagnostics(images, order, static_cast<unsigned>(result.phase_steps));
}

/// One image to train on and one to validate with, as the split here is no setting.
void check_size(const DataCollection& source) {
  constexpr std::size_t fewest = 2;
  if (source.training.size() < fewest)
    throw input_error({.file = source.folder.string(),
                       .problem = "too few training images to measure with",
                       .expected = std::to_string(fewest) + " or more",
                       .got = std::to_string(source.training.size())});
}

void check_finite(const TrainingOutcome& outcome) {
  if (outcome.nonfinite)
    throw numeric_error({.file = "training", .problem = fmt::format("step {} is not finite", outcome.nonfinite->step)});
}

/// What all measurements of a command share.
struct Material {
  WeightsFile model;
  std::vector<DataFile> files;
  std::string source_line;
  Split split;
};

Material load(BenchOptions& options, Streams& streams) {
  WeightsFile model = open_model({.network = options.network}, options.seed, streams);
  const DataChoice choice{.data = options.data, .limit = options.limit};
  DataCollection source = load_data_for(model.network, choice, DataParts::both, streams);
  check_size(source);
  std::string source_line = data_source_line(source);
  if (never_takes_gpu(options.device)) pack_images(source.training, options.device.threads);
  Material material{std::move(model), std::move(source.files), std::move(source_line),
                    split_validation(std::move(source.training), validation_split)};
  options.batch = images_a_step(options.batch, material.split.training->size());
  streams.say(program_versions() + '\n');
  return material;
}

/// Only the CPU engine computes with as many threads as it is told.
void check_scaling(const BenchOptions& options, const Engine& engine) {
  if (options.threads.size() > 1 && !engine.description().starts_with("cpu"))
    throw usage_error({.setting = "threads",
                       .problem = "several numbers of them are for the CPU",
                       .got = engine.description(),
                       .hint = setting("device") + " cpu measures it"});
}

std::optional<BenchResult> measure_one(const BenchOptions& options, const Material& material, Streams& streams) {
  const Split& split = material.split;
  const std::unique_ptr<Engine> engine =
      start_engine(material.model, options.device, {.batch = options.batch, .seed = options.seed}, streams);
  check_scaling(options, *engine);
  const ImageSet training = engine->upload(split.training);
  const ImageSet validation = engine->upload(split.validation);

  BenchResult result{.options = options,
                     .ranks = options.device.communicator != nullptr ? options.device.communicator->size() : 1,
                     .engine = engine->description(),
                     .training_images = split.training->size(),
                     .validation_images = split.validation->size()};
  streams.say(fmt::format("Device: {} ({})\n{}Training: {} images, batch {}; validation: {} images\n", result.engine,
                          processor_name(), material.source_line, with_commas(result.training_images), options.batch,
                          with_commas(result.validation_images)));
  result.start_up_seconds = process_age();
  EpochRequests requests(options.on_request);
  StepClock clock;
  EpochTimes times(result, clock, requests, streams);
  requests.wait();
  const TrainingPlan plan{.epochs = options.epochs + 1, .batch = options.batch, .seed = options.seed};
  const TrainingOutcome outcome = train(
      *engine, training, &validation, plan, {},
      {.listeners = {&clock, &times}, .stop_requested = [&] { return requests.ended() || requested_stop() != 0; }});
  check_finite(outcome);
  const Next next = engine->agree(requested_stop() != 0 ? Next::stop : Next::go_on);
  if (next == Next::stop || result.training_seconds.empty()) return std::nullopt;
  result.step_seconds = std::move(clock).sorted();
  measure_steps(*engine, training, result);
  result.peak_memory = peak_memory_bytes();
  return requested_stop() == 0 ? std::optional(std::move(result)) : std::nullopt;
}

}  // namespace

double BenchResult::images_per_second() const {
  return static_cast<double>(training_images) / quantile(training_seconds, 0.5);
}

double BenchResult::operations_per_second() const {
  double operations = 0, seconds = 0;
  for (const PhaseTime& phase : diagnostics.phases) {
    operations += phase.operations;
    seconds += phase.seconds;
  }
  return operations / seconds;
}

std::optional<std::vector<BenchResult>> measure(const BenchOptions& wanted, Streams& streams) {
  BenchOptions options = wanted;
  const Material material = load(options, streams);
  std::vector<BenchResult> results;
  for (const unsigned threads : options.threads) {
    options.device.threads = threads;
    std::optional<BenchResult> result = measure_one(options, material, streams);
    if (!result) return std::nullopt;
    if (!results.empty()) result->start_up_seconds = results.front().start_up_seconds;  // the process starts once
    results.push_back(std::move(*result));
  }
  return results;
}

std::optional<RankScaling> measure_ranks(const BenchOptions& wanted, Ranks& ranks, Streams& streams) {
  BenchOptions options = wanted;
  const Material material = load(options, streams);
  std::vector<RankFact> facts{{"batch", std::to_string(options.batch), ExitCode::usage},
                              {"epochs", std::to_string(options.epochs), ExitCode::usage},
                              {"limit", std::to_string(options.limit), ExitCode::usage},
                              {"seed", std::to_string(options.seed), ExitCode::usage},
                              {"weights", "SHA-256 " + weights_sha256(material.model.parameters)}};
  add_facts(facts, material.files);
  require_same_on_ranks(ranks, std::move(facts));
  RankScaling scaling;
  /// Those that do not take part sleep meanwhile. False where a signal asked one to stop.
  const auto measure_first = [&](unsigned members, std::uint32_t batch, std::vector<BenchResult>& results) {
    options.device.communicator = ranks.narrowed(members);
    options.batch = batch;
    std::optional<BenchResult> result;
    if (ranks.rank() < members) result = measure_one(options, material, streams);
    if (ranks.share_stop()) return false;
    if (result) results.push_back(*std::move(result));
    return true;
  };
  const auto images = static_cast<std::uint32_t>(material.split.training->size());
  const std::uint32_t batch = options.batch;
  for (unsigned members = 1;; members = std::min(2 * members, ranks.size())) {
    if (!measure_first(members, batch, scaling.strong)) return std::nullopt;
    const std::uint64_t larger = std::uint64_t{batch} * members;
    if (members > 1 && larger <= images && !measure_first(members, static_cast<std::uint32_t>(larger), scaling.weak))
      return std::nullopt;
    if (members == ranks.size()) return scaling;
  }
}

}  // namespace nib
