#include "engines/cpu/cpu_engine.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/error.h"
#include "engines/cpu/compile.h"
#include "engines/cpu/head.h"
#include "engines/cpu/profile.h"
#include "engines/cpu/team.h"

namespace nib::cpu {
namespace {

/// Evaluation takes at least this many rows at a time, however small the training batch is.
constexpr std::uint32_t kEvaluationRows = 128;

/// Dense blocks work on ranges of at most this many rows, which share the weights they load.
constexpr std::uint32_t kDenseRows = 32;

/// As long as no sum of gradients can exceed this, all of them and their squares (which Adam needs) are finite, and the
/// update can be fused with their computation.
constexpr float kSafeBound = 1e18f;

class CpuEngine : public Engine {
 public:
  explicit CpuEngine(const EngineOptions& options)
      : Engine(options),
        instructions_(choose_instructions()),
        classes_(class_count(options.network)),
        row_capacity_(std::max(options.batch, kEvaluationRows)),
        program_(compile(options.network, instructions_, row_capacity_)),
        team_(std::max(options.cpu.threads, 1u)),
        profile_(work_names(), team_.size()),
        probabilities_(std::size_t{row_capacity_} * classes_),
        results_(row_capacity_) {
    for (std::size_t pixel = 0; pixel < pixel_value_.size(); ++pixel)
      pixel_value_[pixel] = static_cast<float>(pixel) / 255.0f;
    for (std::size_t i = 0; i < program_.blocks.size(); ++i)
      for (std::uint32_t part = 0; part < program_.blocks[i]->gradient_tasks(); ++part) updates_.push_back({i, part});
    TrainingState state;
    state.parameters = initial_parameters(options.network, options.seed);
    state.first_moment = state.second_moment = zero_parameters(options.network);
    CpuEngine::do_set_state(state);
  }

  TrainResult do_train(const ImageSet& images, std::span<const std::uint32_t> order,
                       std::span<const double> learning_rates, const Progress& progress) override {
    const FloatingPointEnvironment environment;
    TrainResult total;
    const std::size_t batch = options().batch;
    for (std::size_t i = 0; i < learning_rates.size(); ++i) {
      const auto rows = order.subspan(i * batch, std::min(batch, order.size() - i * batch));
      const std::optional<StepResult> result = train_step(images.dataset(), rows, learning_rates[i]);
      if (!result) {
        total.nonfinite_step = finished_steps_ + 1;
        return total;
      }
      ++total.steps;
      total.rows += result->rows;
      total.correct += result->correct;
      total.loss_sum += result->loss;
      if (progress && progress({&*result, 1}) == Next::stop) {
        total.stopped = true;
        return total;
      }
    }
    return total;
  }

  Metrics do_evaluate(const ImageSet& images, std::span<float> probabilities,
                      const EvaluationProgress& progress) override {
    const FloatingPointEnvironment environment;
    const Dataset& dataset = images.dataset();
    if (!parameters_finite_) throw numeric_error({.problem = "the network's parameters are not finite"});
    Metrics metrics;
    metrics.labelled = !dataset.labels.empty();
    metrics.confusion.assign(std::size_t{classes_} * classes_, 0);
    std::vector<std::uint32_t> order(row_capacity_);
    for (std::size_t begin = 0; begin < dataset.size(); begin += row_capacity_) {
      const std::size_t count = std::min<std::size_t>(row_capacity_, dataset.size() - begin);
      order.resize(count);
      std::iota(order.begin(), order.end(), static_cast<std::uint32_t>(begin));
      forward_only(step_for(dataset, order, false));
      // Row by row, so that the sum does not depend on the chunks.
      for (std::size_t row = 0; row < count && metrics.labelled; ++row) {
        metrics.correct += results_[row].correct ? 1 : 0;
        metrics.loss_sum += results_[row].loss;
        ++metrics.confusion[std::size_t{dataset.labels[begin + row]} * classes_ + results_[row].predicted];
      }
      if (!probabilities.empty())
        std::copy_n(probabilities_.begin(), count * classes_,
                    probabilities.begin() + static_cast<std::ptrdiff_t>(begin * classes_));
      metrics.rows += count;
      if (progress && progress(metrics.rows) == Next::stop) {
        metrics.stopped = true;
        break;
      }
    }
    return metrics;
  }

  void do_set_state(const TrainingState& state) override {
    std::size_t tensor = 0;
    for_each_store([&](ParameterStore& store) {
      scatter(state.parameters.tensors[tensor], store.position, store.values);
      scatter(state.first_moment.tensors[tensor], store.position, store.first);
      scatter(state.second_moment.tensors[tensor], store.position, store.second);
      ++tensor;
    });
    for (const auto& block : program_.blocks) block->refresh();
    finished_steps_ = state.step;
    parameters_finite_ =
        all_finite(state.parameters) && all_finite(state.first_moment) && all_finite(state.second_moment);
  }

  TrainingState state() const override {
    TrainingState state;
    state.parameters = state.first_moment = state.second_moment = zero_parameters(options().network);
    state.step = finished_steps_;
    std::size_t tensor = 0;
    for_each_store([&](const ParameterStore& store) {
      gather(store.values, store.position, state.parameters.tensors[tensor]);
      gather(store.first, store.position, state.first_moment.tensors[tensor]);
      gather(store.second, store.position, state.second_moment.tensors[tensor]);
      ++tensor;
    });
    return state;
  }

  Diagnostics do_diagnostics(const ImageSet& images, std::span<const std::uint32_t> order) override {
    const FloatingPointEnvironment environment;
    profile_.start();
    for (std::size_t begin = 0; begin < order.size(); begin += options().batch)
      if (!train_step(images.dataset(), order.subspan(begin, options().batch), 0.001)) break;
    return {.phases = profile_.finish(), .nodes = {}};
  }

  std::string description() const override {
    return "cpu, " + std::string(instructions_name(instructions_)) + ", " + std::to_string(team_.size()) +
           (team_.size() == 1 ? " thread" : " threads") + ", FP32";
  }

 private:
  /// The images stay where they are.
  std::unique_ptr<ImageSet::Storage> do_upload(std::shared_ptr<const Dataset>) override {
    return std::make_unique<ImageSet::Storage>();
  }

  static void scatter(const Tensor& tensor, const std::vector<std::uint32_t>& position, Buffer<float>& to) {
    for (std::size_t i = 0; i < position.size(); ++i) to[position[i]] = tensor.values[i];
  }
  static void gather(const Buffer<float>& from, const std::vector<std::uint32_t>& position, Tensor& tensor) {
    for (std::size_t i = 0; i < position.size(); ++i) tensor.values[i] = from[position[i]];
  }

  /// Weights before biases, in network order: the order of parameter_specs().
  template <typename Visit>
  void for_each_store(const Visit& visit) const {
    for (const auto& block : program_.blocks)
      for (ParameterStore* store : {block->weights(), block->biases()})
        if (store != nullptr) visit(*store);
  }

  // ---- one step ----

  Step step_for(const Dataset& dataset, std::span<const std::uint32_t> order, bool training) {
    Step step;
    step.pixels = dataset.pixels.data();
    step.labels = dataset.labels.empty() ? nullptr : dataset.labels.data();
    step.order = order.data();
    step.rows = static_cast<std::uint32_t>(order.size());
    rows_per_slot_ = ((training ? options().batch : row_capacity_) + kSlots - 1) / kSlots;
    step.slots = (step.rows + rows_per_slot_ - 1) / rows_per_slot_;
    step.number = finished_steps_ + 1;
    step.seed = options().seed;
    step.training = training;
    return step;
  }

  Rows slot_rows(const Step& step, std::uint32_t slot) const {
    return {slot * rows_per_slot_, std::min((slot + 1) * rows_per_slot_, step.rows)};
  }

  /// A finished step, or nothing if its loss or a gradient was not finite; then nothing has changed.
  std::optional<StepResult> train_step(const Dataset& dataset, std::span<const std::uint32_t> order,
                                       double learning_rate) {
    if (!parameters_finite_) return std::nullopt;
    const Step step = step_for(dataset, order, true);
    spatial_forward(step);
    dense_passes(step);
    StepResult result{.step = step.number, .rows = step.rows, .correct = 0, .loss = 0};
    for (std::uint32_t row = 0; row < step.rows; ++row) {
      result.correct += results_[row].correct ? 1 : 0;
      result.loss += results_[row].loss;
    }
    if (!std::isfinite(result.loss)) return std::nullopt;
    finish_backward(step);
    if (!update_parameters(step, learning_rate)) return std::nullopt;
    ++finished_steps_;
    return result;
  }

  void forward_only(const Step& step) {
    spatial_forward(step);
    dense_passes(step);
  }

  /// Slot by slot: the images as floats, then every spatial block.
  void spatial_forward(const Step& step) {
    team_.run(step.slots, [&](unsigned slot, unsigned thread) {
      const Rows rows = slot_rows(step, slot);
      profile_.measure(0, thread, [&] {
        for (std::uint32_t row = rows.begin; row < rows.end; ++row) gather_image(step, row);
      });
      for (std::size_t i = 0; i < program_.spatial_blocks; ++i)
        profile_.measure(forward_work(i), thread, [&] { program_.blocks[i]->forward(step, rows); });
    });
  }

  void gather_image(const Step& step, std::uint32_t row) {
    const Shape& input = options().network.input;
    const Extent& extent = program_.image().extent;
    const std::uint8_t* const pixels = step.pixels + std::size_t{step.order[row]} * input.height * input.width;
    float* const image = program_.image().row(row);
    for (std::uint32_t y = 0; y < extent.height; ++y)
      for (std::uint32_t x = 0; x < extent.width; ++x)
        image[y * extent.width + x] = pixel_value_[pixels[y * input.width + x]];
  }

  /// Ranges of rows through the dense blocks and the head and, in training, back again.
  void dense_passes(const Step& step) {
    const std::uint32_t share = (step.rows + team_.size() - 1) / team_.size();
    const std::uint32_t range = std::clamp(share, 1u, kDenseRows);
    const std::size_t first = program_.spatial_blocks, blocks = program_.blocks.size();
    team_.run((step.rows + range - 1) / range, [&](unsigned task, unsigned thread) {
      const Rows rows{task * range, std::min((task + 1) * range, step.rows)};
      for (std::size_t i = first; i < blocks; ++i)
        profile_.measure(forward_work(i), thread, [&] { program_.blocks[i]->forward(step, rows); });
      profile_.measure(1, thread, [&] {
        for (std::uint32_t row = rows.begin; row < rows.end; ++row) head(step, row);
      });
      if (!step.training) return;
      for (std::size_t i = blocks; i-- > first;)
        profile_.measure(backward_work(i), thread, [&] { program_.blocks[i]->backward(step, rows, 0); });
    });
  }

  void head(const Step& step, std::uint32_t row) {
    float* const probabilities = probabilities_.data() + std::size_t{row} * classes_;
    const float* const logits = program_.logits().row(row);
    if (step.labels == nullptr) {
      results_[row] = {0, softmax(logits, classes_, probabilities), false};
      return;
    }
    const std::uint32_t label = step.labels[step.order[row]];
    results_[row] = softmax_cross_entropy(logits, classes_, label, probabilities);
    if (step.training) logits_gradient(probabilities, classes_, label, step.rows, program_.logits().gradient(row));
  }

  /// The spatial blocks' backward passes, slot by slot, and beside them what dense blocks prepare for their gradients.
  void finish_backward(const Step& step) {
    const std::size_t first = program_.spatial_blocks, blocks = program_.blocks.size();
    team_.run(step.slots + static_cast<unsigned>(blocks - first), [&](unsigned task, unsigned thread) {
      if (task >= step.slots) {
        const std::size_t i = first + task - step.slots;
        profile_.measure(update_work(i), thread, [&] { program_.blocks[i]->finish_backward(step); });
        return;
      }
      for (std::size_t i = first; i-- > 0;)
        profile_.measure(backward_work(i), thread,
                         [&] { program_.blocks[i]->backward(step, slot_rows(step, task), task); });
    });
  }

  /// Finishes all gradients and applies them. False, and nothing changed, when one is not finite.
  bool update_parameters(const Step& step, double learning_rate) {
    const Optimizer& optimizer = options().optimizer;
    std::atomic<bool> nonfinite = false;
    Update update;
    update.adam = {static_cast<float>(adam_step_size(learning_rate, optimizer.beta1, optimizer.beta2, step.number)),
                   static_cast<float>(1.0 - optimizer.beta1), static_cast<float>(1.0 - optimizer.beta2),
                   static_cast<float>(optimizer.epsilon)};
    update.nonfinite = &nonfinite;
    const bool safe = std::all_of(program_.blocks.begin(), program_.blocks.end(),
                                  [&](const auto& block) { return block->gradient_bound(step) < kSafeBound; });
    if (!safe) {
      update.apply = false;
      run_updates(step, update);
      if (nonfinite) return false;
      update.apply = true;
    }
    run_updates(step, update);
    parameters_finite_ = !nonfinite;
    return true;
  }

  void run_updates(const Step& step, const Update& update) {
    team_.run(static_cast<unsigned>(updates_.size()), [&](unsigned task, unsigned thread) {
      const auto [block, part] = updates_[task];
      profile_.measure(update_work(block), thread,
                       [&, part = part, block = block] { program_.blocks[block]->gradient(step, part, update); });
    });
  }

  // ---- kinds of work, for the profile ----

  std::size_t forward_work(std::size_t block) const { return 2 + block; }
  std::size_t backward_work(std::size_t block) const { return 2 + program_.blocks.size() + block; }
  std::size_t update_work(std::size_t block) const { return 2 + 2 * program_.blocks.size() + block; }

  std::vector<std::string> work_names() const {
    std::vector<std::string> names{"gather", "softmax+loss"};
    for (const char* pass : {" forward", " backward", " update"})
      for (const auto& block : program_.blocks) names.push_back(block->name() + pass);
    return names;
  }

  struct UpdateTask {
    std::size_t block;
    std::uint32_t part;
  };

  Instructions instructions_;
  std::uint32_t classes_, row_capacity_;
  Program program_;
  std::vector<UpdateTask> updates_;
  Team team_;
  Profile profile_;                   ///< behind program_, which names its kinds of work
  std::vector<float> probabilities_;  ///< (row, class)
  std::vector<RowResult> results_;
  std::array<float, 256> pixel_value_{};
  std::uint32_t rows_per_slot_ = 0;
  std::uint64_t finished_steps_ = 0;
  bool parameters_finite_ = true;
};

}  // namespace

std::unique_ptr<Engine> make_cpu_engine(const EngineOptions& options) { return std::make_unique<CpuEngine>(options); }

}  // namespace nib::cpu
