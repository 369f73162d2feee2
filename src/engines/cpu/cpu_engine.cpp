#include "engines/cpu/cpu_engine.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/error.h"
#include "engines/cpu/needed_memory.h"
#include "engines/cpu/operations.h"
#include "engines/cpu/step.h"

namespace nib::cpu {
namespace {

/// Refuses what would not fit before any of it is allocated: the system might end the process for it later.
const EngineOptions& checked(const EngineOptions& options) {
  if (!options.cpu.memory) return options;
  const std::uint64_t needed = needed_memory(options);
  if (needed > *options.cpu.memory)
    throw memory_error("the network", needed, *options.cpu.memory,
                       "a smaller network or a smaller " + setting("batch") + " needs less");
  return options;
}

class CpuEngine : public Engine {
 public:
  explicit CpuEngine(const EngineOptions& options) : Engine(options), steps_(checked(Engine::options())) {
    if (options.draw_parameters)
      CpuEngine::do_set_state(
          first_state(options.network, initial_parameters(options.network, options.seed), options.optimizer));
  }

  TrainingState state() const override {
    TrainingState state = first_state(options().network, zero_parameters(options().network), options().optimizer);
    state.step = finished_steps_;
    std::size_t tensor = 0;
    for_each_store([&](const ParameterStore& store) {
      gather(store.values, store.position, state.parameters.tensors[tensor]);
      for (std::size_t m = 0; m < state.moments.size(); ++m)
        gather(store.moments[m], store.position, state.moments[m].values.tensors[tensor]);
      ++tensor;
    });
    return state;
  }

  std::string description() const override {
    return "cpu, " + std::string(instructions_name(steps_.instructions())) + ", " + std::to_string(steps_.threads()) +
           (steps_.threads() == 1 ? " thread" : " threads") + ", FP32";
  }

  unsigned threads() const override { return steps_.threads(); }

  Next agree(Next wanted) override {
    if (Ranks* const ranks = steps_.ranks())
      return ranks->agree({.stop = wanted == Next::stop}).stop ? Next::stop : Next::go_on;
    return wanted;
  }

  StepRunner& steps() { return steps_; }

 private:
  /// The images stay where they are.
  std::unique_ptr<ImageSet::Storage> do_upload(std::shared_ptr<const Dataset>) override {
    return std::make_unique<ImageSet::Storage>();
  }

  TrainResult do_train(const ImageSet& images, std::span<const std::uint32_t> order,
                       std::span<const double> learning_rates, const Progress& progress) override {
    const FloatingPointEnvironment environment;
    TrainResult total;
    const std::size_t batch = options().batch;
    for (std::size_t i = 0; i < learning_rates.size() && !total.stopped && !total.nonfinite_step; ++i) {
      const auto rows = order.subspan(i * batch, std::min(batch, order.size() - i * batch));
      const std::optional<StepResult> result = train_step(images.dataset(), rows, learning_rates[i]);
      if (!result) {
        total.stopped = flags_.stop;
        if (!total.stopped) total.nonfinite_step = finished_steps_ + 1;
        continue;
      }
      ++total.steps;
      total.rows += result->rows;
      total.correct += result->correct;
      total.loss_sum += result->loss;
      flags_.stop = progress && progress({&*result, 1}) == Next::stop;
      // Other ranks hear of it within the next step, which nobody finishes then.
      if (steps_.ranks() == nullptr) total.stopped = flags_.stop;
    }
    end_with_others(total);
    return total;
  }

  /// Behind it all ranks have the same flags and moments.
  void end_with_others(TrainResult& total) {
    if (Ranks* const ranks = steps_.ranks()) {
      flags_ = ranks->agree(flags_);
      total.stopped = flags_.stop;
      ranks->exchange_moments();
    }
    flags_.stop = false;
  }

  /// A finished step, or nothing if it was not finite, or if a rank wants to stop; then nothing has changed.
  std::optional<StepResult> train_step(const Dataset& dataset, std::span<const std::uint32_t> images,
                                       double learning_rate) {
    const std::optional<StepResult> step = steps_.train(dataset, images, finished_steps_ + 1, learning_rate, flags_);
    if (step) ++finished_steps_;
    return step;
  }

  Metrics do_evaluate(const ImageSet& images, std::span<float> probabilities,
                      const EvaluationProgress& progress) override {
    const FloatingPointEnvironment environment;
    const Dataset& dataset = images.dataset();
    if (flags_.nonfinite) throw numeric_error({.problem = "the network's parameters are not finite"});
    const std::size_t classes = class_count(options().network);
    const Part part = steps_.ranks() ? steps_.ranks()->part() : Part{};
    const std::size_t capacity = std::size_t{steps_.row_capacity()} * part.count;
    Metrics metrics = no_results(dataset, classes);
    std::vector<std::uint32_t> rows;
    std::vector<RowResult> results(capacity);
    for (std::size_t begin = 0; begin < dataset.size() && !metrics.stopped; begin += capacity) {
      const auto count = static_cast<std::uint32_t>(std::min(capacity, dataset.size() - begin));
      const Rows own = part.of(0, count);
      rows.resize(own.size());
      std::iota(rows.begin(), rows.end(), static_cast<std::uint32_t>(begin + own.begin));
      steps_.forward(dataset, rows);
      for (std::uint32_t row = own.begin; row < own.end; ++row) results[row] = steps_.result(row - own.begin);
      float* const answers = probabilities.empty() ? nullptr : probabilities.data() + begin * classes;
      if (answers != nullptr) std::copy_n(steps_.probabilities(), own.size() * classes, answers + own.begin * classes);
      if (Ranks* const ranks = steps_.ranks()) {
        ranks->gather(results.data(), count);
        if (answers != nullptr) ranks->gather(answers, count, classes);
      }
      count_results(dataset, begin, std::span(results).first(count), classes, metrics);
      metrics.stopped = agree(progress ? progress(metrics.rows) : Next::go_on) == Next::stop;
    }
    return metrics;
  }

  void do_set_state(const TrainingState& state) override {
    std::size_t tensor = 0;
    for_each_store([&](ParameterStore& store) {
      for (std::size_t m = 0; m < state.moments.size(); ++m)
        scatter(state.moments[m].values.tensors[tensor], store.position, store.moments[m]);
      ++tensor;
    });
    steps_.set_parameters(state.parameters);
    finished_steps_ = state.step;
    flags_ = {.nonfinite = !all_finite(state)};
  }

  Diagnostics do_diagnostics(const ImageSet& images, std::span<const std::uint32_t> order) override {
    const FloatingPointEnvironment environment;
    constexpr std::size_t parts = 16;
    const std::size_t batch = options().batch, steps = order.size() / batch;
    PeakMeter peak = steps_.peak_meter();
    Profile& profile = steps_.profile();
    profile.clear();
    for (std::size_t part = 0; part < parts; ++part) {
      if (steps_.ranks() == nullptr) peak.measure();
      profile.start();
      for (std::size_t step = part * steps / parts; step < (part + 1) * steps / parts; ++step)
        train_step(images.dataset(), order.subspan(step * batch, batch), 0.001);
      profile.stop();
    }
    Diagnostics diagnostics{
        .phases = profile.phases(), .nodes = {}, .peak = peak.peak(), .kept_waiting = profile.kept_waiting()};
    // What is counted is of a whole step, and the times are those of this rank's share.
    if (steps_.ranks() != nullptr) return diagnostics;
    const auto rows = static_cast<double>(order.size());
    for (const PhaseOperations& operations : phase_operations(plan_blocks(options().network)))
      for (PhaseTime& phase : diagnostics.phases)
        if (phase.name == operations.phase)
          phase.operations = operations.each_row * rows + operations.each_step * rows / options().batch;
    return diagnostics;
  }

  static void gather(const Buffer<float>& from, const std::vector<std::uint32_t>& position, Tensor& tensor) {
    for (std::size_t i = 0; i < position.size(); ++i) tensor.values[i] = from[position[i]];
  }

  /// Weights before biases, in network order: the order of parameter_specs().
  template <typename Visit>
  void for_each_store(const Visit& visit) const {
    for (const auto& block : steps_.program().blocks)
      for (ParameterStore* store : {block->weights(), block->biases()})
        if (store != nullptr) visit(*store);
  }

  StepRunner steps_;
  std::uint64_t finished_steps_ = 0;
  Flags flags_;
};

}  // namespace

std::unique_ptr<Engine> make_cpu_engine(const EngineOptions& options) { return std::make_unique<CpuEngine>(options); }

Metrics no_results(const Dataset& dataset, std::size_t classes) {
  return {.labelled = !dataset.labels.empty(), .confusion = std::vector<std::uint64_t>(classes * classes)};
}

void count_results(const Dataset& dataset, std::size_t begin, std::span<const RowResult> results, std::size_t classes,
                   Metrics& metrics) {
  metrics.rows += results.size();
  for (std::size_t row = 0; row < results.size() && metrics.labelled; ++row) {
    const RowResult& result = results[row];
    metrics.correct += result.correct ? 1 : 0;
    metrics.loss_sum += result.loss;
    ++metrics.confusion[dataset.labels[begin + row] * classes + result.predicted];
  }
}

StepRunner* steps_of(Engine& engine) {
  auto* const own = dynamic_cast<CpuEngine*>(&engine);
  return own ? &own->steps() : nullptr;
}

}  // namespace nib::cpu
