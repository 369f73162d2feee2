#include "engines/cuda/step.h"

#include <algorithm>
#include <utility>

#include "engines/cuda/own_kernels.h"
#include "kernels/confusion.h"
#include "kernels/gather.h"
#include "nib/error.h"

namespace nib::cuda {
namespace {

void mark(PhaseTimer* timer, const std::string& phase) {
  if (timer) timer->mark(phase);
}

}  // namespace

Step::Step(const Network& network, std::uint32_t rows, const Workshop& workshop, const Augmentation& augmentation)
    : context_(workshop.context),
      control_(workshop.control),
      parameters_(workshop.parameters),
      input_(network.input),
      rows_(rows),
      classes_(class_count(network)),
      batch_{.labels = ArenaArray<std::int32_t>(workshop.arena, rows), .maps = {}},
      program_(compile(network, rows, workshop, batch_)),
      training_(workshop.training),
      maps_shape_{.rows = rows,
                  .height = network.input.height,
                  .width = network.input.width,
                  .augmentation = augmentation,
                  .seed = workshop.seed} {
  if (augmentation.any()) batch_.maps = ArenaArray<ImageMap>(workshop.arena, rows);
  for (const auto& block : program_.blocks) {
    const auto [main, side] = block->workspace_bytes();
    // What lies behind the one of the main lane is aligned, too.
    workspaces_ = {std::max(workspaces_.main, Arena::aligned(main)), std::max(workspaces_.side, side)};
  }
}

void Step::prepare(void* workspace) {
  const PerLane<void*> workspaces{workspace, static_cast<std::byte*>(workspace) + workspaces_.main};
  for (const auto& block : program_.blocks) block->prepare(workspaces);
  try_own();
}

LibraryChoices Step::library_choices() const {
  LibraryChoices choices;
  for (const auto& block : program_.blocks) choices.add(block->library_choices());
  return choices;
}

/// Over no images.
void Step::try_own() const {
  if (!program_.gathers() && !program_.head->own()) return;
  set_control({});
  try_own_kernels([this] {
    Block& front = *program_.blocks.front();
    if (front.gathers()) front.forward();
    if (program_.head->own()) run_head();
    if (front.gathers() && training_) front.backward();
    context_.synchronize();
  });
}

void Step::capture() {
  CapturedWork one(context_.stream(), [this] { run(nullptr); });
  many_ = CapturedWork(context_.stream(), [this] {
    for (std::uint64_t i = 0; i < steps_per_graph; ++i) run(nullptr);
  });
  one_ = std::move(one);  // last: it says that both are there
}

void Step::launch(std::uint64_t count) const {
  for (; count >= steps_per_graph; count -= steps_per_graph) many_.launch(context_.stream());
  for (; count > 0; --count) one_.launch(context_.stream());
}

void Step::set_control(const kernels::Control& control) const {
  NIB_CHECK_CUDA(cudaMemcpyAsync(control_.get(), &control, sizeof(control), cudaMemcpyHostToDevice, context_.stream()));
  // Not every machine has read pageable memory when the call returns.
  context_.synchronize();
}

kernels::Control Step::control() const {
  kernels::Control control;
  NIB_CHECK_CUDA(cudaMemcpyAsync(&control, control_.get(), sizeof(control), cudaMemcpyDeviceToHost, context_.stream()));
  context_.synchronize();
  return control;
}

void Step::forward(PhaseTimer* timer) const {
  if (timer) timer->begin();
  if (maps_shape_.augmentation.any()) {
    draw_maps();
    mark(timer, "augmentation");
  }
  if (!program_.gathers()) {
    gather();
    mark(timer, "gather");
  }
  for (const auto& block : program_.blocks) {
    block->forward();
    mark(timer, block->name() + " forward");
  }
}

void Step::draw_maps() const {
  kernels::draw_image_maps(batch_.maps.get(), control_.get(), maps_shape_, context_.stream());
}

void Step::gather() const {
  kernels::gather(program_.image().values.get(), batch_.labels.get(), control_.get(),
                  {.rows = rows_,
                   .height = input_.height,
                   .width = input_.width,
                   .crop_height = program_.image().height,
                   .crop_width = program_.image().width},
                  batch_.maps.get(), context_.stream());
}

TrainingStep::TrainingStep(const Network& network, std::uint32_t rows, const Workshop& workshop,
                           const Optimizer& optimizer, const Augmentation& augmentation)
    : Step(network, rows, workshop, augmentation),
      optimizer_(optimizer),
      squares_(workshop.arena, optimizer.clip_norm ? kernels::square_parts : 0),
      weight_squares_(workshop.arena, optimizer.l2 > 0 ? kernels::square_parts : 0),
      results_(workshop.arena, rows) {
  biases_ = ArenaArray<kernels::BiasSegment>(workshop.arena, biases().size());
  partial_ = ArenaArray<kernels::PartialGradient>(workshop.arena, partial_gradients().size());
}

std::vector<kernels::BiasSegment> TrainingStep::biases() const {
  std::vector<kernels::BiasSegment> biases;
  for (const auto& block : program_.blocks)
    if (const auto bias = block->bias()) biases.push_back(*bias);
  return biases;
}

std::vector<kernels::PartialGradient> TrainingStep::partial_gradients() const {
  std::vector<kernels::PartialGradient> all;
  for (const auto& block : program_.blocks)
    for (const kernels::PartialGradient& partial : block->partial_gradients()) all.push_back(partial);
  for (const kernels::PartialGradient& partial : program_.head->partial_gradients()) all.push_back(partial);
  return all;
}

/// All weights' gradients but those that blocks leave in parts, which only the first layers and the last ones do: what
/// is between them lies in one piece.
std::span<const float> TrainingStep::whole_gradients() const {
  const std::vector<kernels::PartialGradient> partial = partial_gradients();
  const float* begin = parameters_.gradients();
  const float* end = begin + parameters_.weights_size();
  for (auto each = partial.begin(); each != partial.end(); ++each)
    if (each->gradient == begin) begin += aligned_size(each->size);
  for (auto each = partial.rbegin(); each != partial.rend(); ++each)
    if (begin < end && each->gradient + aligned_size(each->size) == end) end = each->gradient;
  for (const kernels::PartialGradient& each : partial)
    if (each.gradient >= begin && each.gradient < end)
      throw Error(ExitCode::bug, {.file = "CUDA", .problem = "a gradient in parts stands among whole ones"});
  return {begin, end};
}

void TrainingStep::prepare(void* workspace) {
  Step::prepare(workspace);
  const std::vector<kernels::BiasSegment> biases = this->biases();
  const std::vector<kernels::PartialGradient> partial = partial_gradients();
  NIB_CHECK_CUDA(
      cudaMemcpyAsync(biases_.get(), biases.data(), biases_.bytes(), cudaMemcpyHostToDevice, context_.stream()));
  NIB_CHECK_CUDA(
      cudaMemcpyAsync(partial_.get(), partial.data(), partial_.bytes(), cudaMemcpyHostToDevice, context_.stream()));
  context_.synchronize();
  partial_size_ = 0;
  for (const kernels::PartialGradient& each : partial) partial_size_ += each.size;
  whole_ = whole_gradients();
}

void TrainingStep::run(PhaseTimer* timer) const {
  forward(timer);
  run_head();
  mark(timer, program_.head->name());
  backward(timer);
}

void TrainingStep::run_head() const { program_.head->run({.results = results_.get()}, batch_.labels.get()); }

void TrainingStep::backward(PhaseTimer* timer) const {
  context_.fork();  // no block may do it: then there would be nothing to join
  for (auto block = program_.blocks.rbegin(); block != program_.blocks.rend(); ++block) {
    (*block)->backward();
    if (timer) context_.join();  // a phase ends with all of its work
    mark(timer, (*block)->name() + " backward");
  }
  const cudaStream_t stream = context_.stream();
  if (biases_.size() > 0) kernels::bias_partials(biases_.get(), static_cast<std::uint32_t>(biases_.size()), stream);
  context_.join();
  kernels::finish_gradients({.whole_gradients = whole_.data(),
                             .whole = whole_.size(),
                             .partial = partial_.get(),
                             .partial_size = partial_size_,
                             .rows = results_.get(),
                             .batch = rows_},
                            control_.get(), stream);
  mark(timer, "bias gradients");
  if (optimizer_.l2 > 0)
    kernels::penalize({.weights = parameters_.values(),
                       .gradients = parameters_.gradients(),
                       .size = parameters_.weights_size(),
                       .pull = static_cast<float>(2 * l2_factor(optimizer_)),
                       .squares = weight_squares_.get()},
                      control_.get(), stream);
  if (optimizer_.clip_norm) kernels::sum_squares(parameters_.gradients(), parameters_.size(), squares_.get(), stream);
  kernels::UpdateArrays arrays{.values = parameters_.values(),
                               .gradients = parameters_.gradients(),
                               .size = parameters_.size(),
                               .weights = parameters_.weights_size(),
                               .squares = squares_.get(),
                               .weight_squares = weight_squares_.get()};
  for (std::size_t m = 0; m < parameters_.moments(); ++m) arrays.moments[m] = parameters_.moment(m);
  kernels::update(arrays, optimizer_, control_.get(), stream);
  mark(timer, "update");
}

EvaluationStep::EvaluationStep(const Network& network, std::uint32_t rows, const Workshop& workshop)
    : Step(network, rows, workshop, {}),
      results_(workshop.arena, 2 * half_rows()),
      probabilities_(workshop.arena, 2 * half_rows() * classes_),
      confusion_(workshop.arena, std::size_t{classes_} * classes_) {}

void EvaluationStep::run(PhaseTimer* timer) const {
  forward(timer);
  run_head();
  kernels::accumulate_confusion(confusion_.get(), results_.get(), batch_.labels.get(),
                                {.output_rows = 2 * half_rows(), .rows = rows_, .classes = classes_}, control_.get(),
                                context_.stream());
  mark(timer, "softmax+confusion");
}

void EvaluationStep::run_head() const {
  program_.head->run({.results = results_.get(), .probabilities = probabilities_.get(), .output_rows = 2 * half_rows()},
                     batch_.labels.get());
}

void EvaluationStep::clear_confusion() const {
  NIB_CHECK_CUDA(cudaMemsetAsync(confusion_.get(), 0, confusion_.bytes(), context_.stream()));
}

}  // namespace nib::cuda
