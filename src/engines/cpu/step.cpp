#include "engines/cpu/step.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "nib/arithmetic/update_rules.h"

namespace nib::cpu {
namespace {

/// Without training, at least this many rows at a time.
constexpr std::uint32_t kEvaluationRows = 128;

/// The forward passes of spatial blocks work on ranges of about this many rows, which stay in the second cache from
/// block to block; dense blocks on ranges of up to this many, which share the weights they load.
constexpr std::uint32_t kSpatialRows = 8, kDenseRows = 32;

/// Cuts each thread's fair share of the rows into equal ranges of up to `most`: the rows of one range.
std::uint32_t fair_range(std::uint32_t rows, unsigned threads, std::uint32_t most) {
  const std::uint32_t share = (rows + threads - 1) / threads, ranges = (share + most - 1) / most;
  return std::max((share + ranges - 1) / ranges, 1u);
}

Rows range_of(Rows portion, unsigned task, std::uint32_t range) {
  const std::uint32_t begin = portion.begin + task * range;
  return {begin, std::min(begin + range, portion.end)};
}

/// A batch of many more rows than this is taken in portions: so much is enough for a pass to be worth its begin and
/// end, and stays in the outer caches.
constexpr std::uint32_t kPortionRows = 256;

/// As long as no sum of gradients can exceed this, all of them and their squares (which most rules need) are finite,
/// and the update can be fused with their computation.
constexpr float kSafeBound = 1e18f;

double sum_in_order(std::span<const double> numbers) { return std::accumulate(numbers.begin(), numbers.end(), 0.0); }

template <typename Work>
double seconds_of(const Work& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

std::uint32_t row_capacity(std::uint32_t batch) { return std::max(batch, kEvaluationRows); }

std::uint32_t portion_rows(std::uint32_t batch, unsigned threads) {
  const std::uint32_t rows_per_slot = (batch + kSlots - 1) / kSlots;
  const std::size_t slots = round_up((kPortionRows + rows_per_slot - 1) / rows_per_slot, std::max(threads, 1u));
  return slots < kSlots ? static_cast<std::uint32_t>(slots) * rows_per_slot : row_capacity(batch);
}

StepRunner::StepRunner(const EngineOptions& options, PassRecorder* recorder)
    : options_(options),
      instructions_(choose_instructions()),
      head_(make_head(instructions_)),
      classes_(class_count(options.network)),
      smoothed_(smoothed_labels<float>(options.label_smoothing, classes_)),
      portion_rows_(portion_rows(options.batch, options.cpu.threads)),
      program_(compile(options.network, instructions_, cpu::row_capacity(options.batch), portion_rows_)),
      update_work_(update_work_for(instructions_, options.optimizer)),
      team_(recorder ? 1 : options.cpu.threads),
      threads_(recorder ? options.cpu.threads : team_.size()),
      recorder_(recorder),
      profile_(work_names(), team_.size()),
      rooms_(team_.size()),
      probabilities_(std::size_t{cpu::row_capacity(options.batch)} * classes_),
      results_(cpu::row_capacity(options.batch)) {
  for (std::size_t pixel = 0; pixel < pixel_value_.size(); ++pixel)
    pixel_value_[pixel] = static_cast<float>(pixel) / 255.0f;
  for (const auto& block : program_.blocks) {
    for (ParameterStore* const store : {block->weights(), block->biases()})
      for (std::size_t m = 0; store != nullptr && m < moment_names(options.optimizer).size(); ++m)
        store->moments.emplace_back(store->values.size());
    if (block->weights() != nullptr) block->weights()->decays = true;
  }
  std::size_t scratch_size = 0;
  for (const auto& block : program_.blocks) scratch_size = std::max(scratch_size, block->scratch_size());
  for (unsigned thread = 0; thread < team_.size(); ++thread) {
    scratch_.emplace_back(scratch_size);
    if (options.augmentation.any())
      movers_.emplace_back(instructions_, options.network.input.height, options.network.input.width);
  }
  if (has_others(options))
    ranks_.emplace(*options.communicator, program_, options.batch, team_.size(),
                   RowArray{reinterpret_cast<std::byte*>(results_.data()), sizeof(RowResult), sizeof(RowResult)});
  list_updates();
}

void StepRunner::list_updates() {
  std::size_t number = 0;
  for (std::size_t i = 0; i < program_.blocks.size(); ++i) {
    const std::uint32_t tasks = program_.blocks[i]->gradient_tasks();
    const Rows own = ranks_ && ranks_->shares_update(i) ? ranks_->part().of(0, tasks) : Rows{0, tasks};
    for (std::uint32_t part = own.begin; part < own.end; ++part) updates_.push_back({i, part, number + part});
    number += tasks;
    if (i < program_.spatial_blocks) spatial_updates_ = static_cast<unsigned>(updates_.size());
  }
  squares_.resize(number);
}

std::vector<std::string> StepRunner::work_names() const {
  std::vector<std::string> names{"gather", "softmax+loss"};
  for (const char* pass : {" forward", " backward", " update"})
    for (const auto& block : program_.blocks) names.push_back(block->name() + pass);
  if (has_others(options_)) names.push_back("exchange");
  return names;
}

void StepRunner::set_parameters(const Parameters& parameters) {
  std::size_t tensor = 0;
  for (const auto& block : program_.blocks) {
    for (ParameterStore* const store : {block->weights(), block->biases()})
      if (store != nullptr) scatter(parameters.tensors.at(tensor++), store->position, store->values);
    block->refresh();
  }
}

/// Has the team do the tasks of one pass.
template <typename Work>
void StepRunner::pass(const char* name, unsigned tasks, const Work& work) {
  if (recorder_ == nullptr) return team_.run(tasks, work);
  PassTimes times{.name = name, .task_seconds = std::vector<double>(tasks)};
  times.seconds = seconds_of([&] {
    team_.run(tasks, [&](unsigned task, unsigned thread) {
      if (task < threads_) recorder_->change_thread();
      times.task_seconds[task] = seconds_of([&] { work(task, thread); });
    });
  });
  recorder_->passes.push_back(std::move(times));
}

Step StepRunner::step_for(const Dataset& dataset, std::span<const std::uint32_t> images,
                          std::uint32_t most_rows) const {
  Step step;
  step.dataset = &dataset;
  step.labels = dataset.labels.empty() ? nullptr : dataset.labels.data();
  step.order = images.data();
  step.rows = static_cast<std::uint32_t>(images.size());
  step.rows_per_slot = (most_rows + kSlots - 1) / kSlots;
  step.slots = (step.rows + step.rows_per_slot - 1) / step.rows_per_slot;
  step.seed = options_.seed;
  step.own = {0, step.rows};
  return step;
}

std::optional<StepResult> StepRunner::train(const Dataset& dataset, std::span<const std::uint32_t> images,
                                            std::uint64_t number, double learning_rate, Flags& flags) {
  Step step = step_for(dataset, images, options_.batch);
  step.number = number;
  step.training = true;
  if (ranks_)
    ranks_->divide(step);
  else
    step.tree = whole_tree(step.slots);
  if (!flags.nonfinite)
    for (std::uint32_t begin = step.own.begin; begin < step.own.end; begin += portion_rows_) {
      const Rows portion{begin, std::min(begin + portion_rows_, step.own.end)};
      program_.begin_portion(begin);
      spatial_forward(step, portion);
      dense_passes(step, portion);
      spatial_backward(step, portion);
    }
  if (ranks_) flags = exchange(step, flags);
  if (flags.stop || flags.nonfinite) return std::nullopt;
  StepResult result{.step = step.number, .rows = step.rows, .correct = 0, .loss = 0};
  add_results(result);
  if (!std::isfinite(result.loss)) return std::nullopt;
  const double squares = options_.optimizer.l2 > 0 ? weight_squares() : 0;
  result.loss += step.rows * (l2_factor(options_.optimizer) * squares);
  const std::optional<bool> parameters_finite = update_parameters(step, learning_rate, squares);
  if (!parameters_finite) return std::nullopt;
  flags.nonfinite = !*parameters_finite;
  return result;
}

/// Row by row, so that the sum depends on nobody's share of them.
void StepRunner::add_results(StepResult& result) const {
  for (std::uint32_t row = 0; row < result.rows; ++row) {
    result.correct += results_[row].correct ? 1 : 0;
    result.loss += results_[row].loss;
  }
}

void StepRunner::forward(const Dataset& dataset, std::span<const std::uint32_t> images) {
  const Step step = step_for(dataset, images, portion_rows_);
  program_.begin_portion(0);
  spatial_forward(step, {0, step.rows});
  dense_passes(step, {0, step.rows});
}

/// Range by range: the images as floats, then every spatial block. Rows do not depend on each other here, slots do not
/// matter.
void StepRunner::spatial_forward(const Step& step, Rows portion) {
  const std::uint32_t count = portion.end - portion.begin, range = fair_range(count, threads_, kSpatialRows);
  pass("forward", (count + range - 1) / range, [&](unsigned task, unsigned thread) {
    const Rows rows = range_of(portion, task, range);
    profile_.measure(0, thread, [&] {
      for (std::uint32_t row = rows.begin; row < rows.end; ++row) gather_image(step, row, thread);
    });
    for (std::size_t i = 0; i < program_.spatial_blocks; ++i)
      profile_.measure(forward_work(i), thread, [&] { program_.blocks[i]->forward(step, rows, scratch(thread)); });
  });
}

void StepRunner::gather_image(const Step& step, std::uint32_t row, unsigned thread) {
  const Shape& input = options_.network.input;
  const Extent& extent = program_.image().extent;
  const std::uint8_t* const pixels = step.dataset->image(step.order[row], rooms_[thread]);
  float* const image = program_.image().row(row);
  // Images lie anywhere in the set: the next one is on its way while this one is converted.
  if (row + 1 < step.rows) step.dataset->fetch(step.order[row + 1]);
  if (step.training && options_.augmentation.any()) {
    const Movement own = movement(options_.augmentation, step.seed, step.number, row);
    movers_[thread].move(image_map(own, input.height, input.width), pixels, extent.height, extent.width, image);
    return;
  }
  for (std::uint32_t y = 0; y < extent.height; ++y)
    for (std::uint32_t x = 0; x < extent.width; ++x)
      image[y * extent.width + x] = pixel_value_[pixels[y * input.width + x]];
}

/// Ranges of rows through the dense blocks and the head and, in training, back again.
void StepRunner::dense_passes(const Step& step, Rows portion) {
  const std::uint32_t count = portion.end - portion.begin, range = fair_range(count, threads_, kDenseRows);
  const std::size_t first = program_.spatial_blocks, blocks = program_.blocks.size();
  pass("dense", (count + range - 1) / range, [&](unsigned task, unsigned thread) {
    const Rows rows = range_of(portion, task, range);
    for (std::size_t i = first; i < blocks; ++i)
      profile_.measure(forward_work(i), thread, [&] { program_.blocks[i]->forward(step, rows, scratch(thread)); });
    profile_.measure(1, thread, [&] {
      for (std::uint32_t row = rows.begin; row < rows.end; ++row) finish_row(step, row);
    });
    if (!step.training) return;
    for (std::size_t i = blocks; i-- > first;)
      profile_.measure(backward_work(i), thread,
                       [&] { program_.blocks[i]->backward(step, rows, 0, {}, scratch(thread)); });
  });
}

void StepRunner::finish_row(const Step& step, std::uint32_t row) {
  float* const probabilities = probabilities_.data() + std::size_t{row} * classes_;
  const float* const logits = program_.logits().row(row);
  if (step.labels == nullptr) {
    results_[row] = {0, head_.softmax(logits, classes_, probabilities), false};
    return;
  }
  const std::uint32_t label = step.labels[step.order[row]];
  results_[row] = head_.softmax_cross_entropy(logits, classes_, label, smoothed_, probabilities);
  if (step.training)
    logits_gradient(probabilities, classes_, label, smoothed_, step.rows, program_.logits().gradient(row));
}

/// The spatial blocks' backward passes, and beside them what dense blocks prepare for their gradients.
void StepRunner::spatial_backward(const Step& step, Rows portion) {
  const std::size_t blocks = program_.spatial_blocks;
  const Rows slots = step.slots_of(portion);
  // Where threads share the slots evenly, a slot stays on one of them from block to block, and in its caches. Else each
  // is divided, block by block; the dense blocks come beside the first, which has the least to do.
  if (blocks == 0 || (slots.end - slots.begin) % threads_ == 0) return backward_pass(step, portion, 0, blocks, 1);
  for (std::size_t i = blocks; i-- > 0;) backward_pass(step, portion, i, i + 1, program_.blocks[i]->backward_parts());
}

/// For each slot the backward passes of the spatial blocks from `begin` on and below `end`, in `parts` parts; beside
/// the first one what the dense blocks have to finish, once they have had all rows and need none of other ranks.
void StepRunner::backward_pass(const Step& step, Rows portion, std::size_t begin, std::size_t end,
                               std::uint32_t parts) {
  const Rows slots = step.slots_of(portion);
  const std::uint32_t tasks = begin == end ? 0 : (slots.end - slots.begin) * parts;
  const bool finishes_dense = begin == 0 && portion.end == step.rows && !ranks_;
  const std::size_t dense_blocks = finishes_dense ? program_.blocks.size() - program_.spatial_blocks : 0;
  pass("backward", tasks + static_cast<unsigned>(dense_blocks), [&](unsigned task, unsigned thread) {
    if (task >= tasks) return finish_dense(step, task - tasks, thread);
    const std::uint32_t slot = slots.begin + task / parts;
    for (std::size_t i = end; i-- > begin;)
      profile_.measure(backward_work(i), thread, [&] {
        program_.blocks[i]->backward(step, step.slot_rows(slot), slot, {task % parts, parts}, scratch(thread));
      });
  });
}

void StepRunner::finish_dense(const Step& step, unsigned which, unsigned thread) {
  const std::size_t i = program_.spatial_blocks + which;
  profile_.measure(update_work(i), thread, [&] { program_.blocks[i]->finish_backward(step); });
}

/// With the other ranks, of whose rows dense blocks have to finish something then, too.
Flags StepRunner::exchange(const Step& step, Flags flags) {
  if (!flags.nonfinite) add_branches(step);
  profile_.measure_call(exchange_work(), [&] { flags = ranks_->exchange(step, flags); });
  if (!flags.stop && !flags.nonfinite)
    pass("finish", static_cast<unsigned>(program_.blocks.size() - program_.spatial_blocks),
         [&](unsigned task, unsigned thread) { finish_dense(step, task, thread); });
  return flags;
}

void StepRunner::add_branches(const Step& step) {
  pass("branches", spatial_updates_, [&](unsigned task, unsigned thread) {
    const auto [block, part, number] = updates_[task];
    profile_.measure(update_work(block), thread,
                     [&, block = block, part = part] { program_.blocks[block]->add_branches(*step.branches, part); });
  });
}

/// Of all weights, in eight chains as they lie: what is between them are zeros.
double StepRunner::weight_squares() const {
  std::array<double, 8> chains{};
  for (const auto& block : program_.blocks) {
    const ParameterStore* const weights = block->weights();
    if (weights == nullptr) continue;
    const float* const values = weights->values.data();
    for (std::size_t i = 0; i < weights->values.size(); i += chains.size())
      for (std::size_t chain = 0; chain < chains.size(); ++chain) {
        const auto weight = static_cast<double>(values[i + chain]);
        chains[chain] += weight * weight;
      }
  }
  return sum_in_order(chains);
}

/// Finishes all gradients and applies them. Nothing, and nothing changed, when one is not finite; else whether the
/// parameters still are.
std::optional<bool> StepRunner::update_parameters(const Step& step, double learning_rate, double squares) {
  Update update{.work = update_work_.apply,
                .factors = rounded(step_factors(options_.optimizer, learning_rate, step.number)),
                .pull = static_cast<float>(2 * l2_factor(options_.optimizer))};
  // No weight is greater than the root of the sum of all squares.
  const double pull = 2 * l2_factor(options_.optimizer) * std::sqrt(squares);
  const bool safe = std::all_of(program_.blocks.begin(), program_.blocks.end(), [&](const auto& block) {
    return static_cast<double>(block->gradient_bound(step)) + pull < kSafeBound;
  });
  if (options_.optimizer.clip_norm || !safe) {
    if (!run_updates(step, {.work = update_work_.look, .pull = update.pull, .apply = false})) return std::nullopt;
    if (options_.optimizer.clip_norm)
      update.factors.scale =
          static_cast<float>(rules::clip_scale(*options_.optimizer.clip_norm, std::sqrt(sum_in_order(squares_))));
  }
  return run_updates(step, update);
}

/// Whether all numbers were finite that the update wrote, or looked at. Looking leaves each task's sum of squares.
bool StepRunner::run_updates(const Step& step, const Update& update) {
  std::ranges::fill(squares_, 0.0);
  pass("update", static_cast<unsigned>(updates_.size()), [&](unsigned task, unsigned thread) {
    const UpdateTask& own_task = updates_[task];
    alignas(64) float poison[16] = {};
    alignas(64) double squares[8] = {};
    Update own = update;
    own.poison = poison;
    own.squares = squares;
    profile_.measure(update_work(own_task.block), thread,
                     [&] { program_.blocks[own_task.block]->gradient(step, own_task.part, own, scratch(thread)); });
    const bool finite = std::ranges::all_of(poison, [](float number) { return number == 0.0f; });
    squares_[own_task.number] = finite ? sum_in_order(squares) : std::numeric_limits<double>::quiet_NaN();
  });
  if (ranks_ && !update.apply) exchange_squares();
  if (ranks_ && update.apply) exchange_weights(update);
  return !std::isnan(sum_in_order(squares_));
}

/// Of tasks that are shared out.
void StepRunner::exchange_squares() {
  double* squares = squares_.data();
  for (std::size_t i = 0; i < program_.blocks.size(); squares += program_.blocks[i++]->gradient_tasks())
    if (ranks_->shares_update(i)) ranks_->gather(squares, program_.blocks[i]->gradient_tasks());
}

/// Likewise, and what these tasks leave to do.
void StepRunner::exchange_weights(const Update& update) {
  for (std::size_t i = 0; i < program_.blocks.size(); ++i) {
    if (!ranks_->shares_update(i)) continue;
    profile_.measure_call(exchange_work(), [&] { ranks_->exchange_weights(i); });
    const std::uint32_t tasks = program_.blocks[i]->gradient_tasks();
    const Rows own = ranks_->part().of(0, tasks);
    pass("take", tasks - own.size(), [&](unsigned task, unsigned thread) {
      alignas(64) float poison[16] = {};
      Update others = update;
      others.poison = poison;
      profile_.measure(update_work(i), thread,
                       [&] { program_.blocks[i]->take(task < own.begin ? task : task + own.size(), others); });
    });
  }
}

}  // namespace nib::cpu
