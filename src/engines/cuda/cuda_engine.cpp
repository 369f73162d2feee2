#include "engines/cuda/cuda_engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "engines/cuda/batches.h"
#include "engines/cuda/evaluation_call.h"
#include "engines/cuda/own_kernels.h"
#include "engines/cuda/training_call.h"

namespace nib::cuda {
namespace {

/// A set stays on the device when it fits into this part of the free memory.
constexpr std::size_t resident_part = 4;

class CudaEngine : public Engine {
 public:
  CudaEngine(const EngineOptions& options, unsigned device, std::vector<std::string> notes)
      : Engine(options),
        notes_(std::move(notes)),
        classes_(class_count(options.network)),
        context_(device, options.precision, options.cuda.fast),
        parameters_(arena_, options.network, moment_names(options.optimizer).size()),
        training_control_(arena_, 1),
        evaluation_control_(arena_, 1),
        training_(options.network, options.batch, workshop(training_control_, true), options.optimizer,
                  options.augmentation),
        evaluation_(options.network, options.cuda.evaluation_batch.value_or(evaluation_rows(options.network)),
                    workshop(evaluation_control_, false)) {
    const ArenaArray<std::byte> workspace(arena_, std::max(training_.workspace_bytes(), evaluation_.workspace_bytes()));
    const ArenaArray<std::byte> cublas_workspace(arena_, context_.cublas_workspace_bytes());
    arena_.allocate("the network and its activations");
    context_.set_cublas_workspace(cublas_workspace.get());
    training_.prepare(workspace.get());
    evaluation_.prepare(workspace.get());
    note_library_choices();
    parameters_.clear(context_.stream());
    if (options.draw_parameters)
      CudaEngine::do_set_state(
          first_state(options.network, initial_parameters(options.network, options.seed), options.optimizer));
  }

  std::unique_ptr<ImageSet::Storage> do_upload(std::shared_ptr<const Dataset> dataset) override {
    context_.make_current();
    if (dataset->packed)
      throw Error(ExitCode::bug, {.field = "images", .problem = "packed ones are for the CPU engine"});
    if (options().cuda.stream || !fits_on_the_device(*dataset)) {
      const std::uint64_t rows =
          std::max(std::uint64_t{chunk_steps(options())} * options().batch, evaluation_.half_rows());
      return make_streamed_images(context_, *dataset, static_cast<std::uint32_t>(rows));
    }
    return make_resident_images(context_, *dataset);
  }

  TrainResult do_train(const ImageSet& images, std::span<const std::uint32_t> order,
                       std::span<const double> learning_rates, const Progress& progress) override {
    context_.make_current();
    if (!parameters_finite_) return refused();
    warm_up(training_);
    return ended(
        run_training_call(training_resources(), training_request(storage(images), order, learning_rates), progress));
  }

  Metrics do_evaluate(const ImageSet& images, std::span<float> probabilities,
                      const EvaluationProgress& progress) override {
    context_.make_current();
    if (!parameters_finite_) throw numeric_error({.problem = "the network's parameters are not finite"});
    warm_up(evaluation_);
    const Dataset& dataset = images.dataset();
    return run_evaluation_call({.context = context_, .step = evaluation_, .buffers = evaluation_buffers_},
                               {.images = storage(images),
                                .count = dataset.size(),
                                .classes = classes_,
                                .labelled = !dataset.labels.empty(),
                                .probabilities = probabilities},
                               progress);
  }

  void do_set_state(const TrainingState& state) override {
    context_.make_current();
    parameters_.upload(state, context_.stream());
    finished_steps_ = state.step;
    parameters_finite_ = all_finite(state);
  }

  TrainingState state() const override {
    context_.make_current();
    TrainingState state = first_state(options().network, zero_parameters(options().network), options().optimizer);
    state.step = finished_steps_;
    parameters_.download(state, context_.stream());
    return state;
  }

  Diagnostics do_diagnostics(const ImageSet& images, std::span<const std::uint32_t> order) override {
    context_.make_current();
    warm_up(training_);
    PhaseTimer timer(context_.stream());
    const std::vector<double> learning_rates(order.size() / options().batch, 0.001);
    profile_training_call(training_resources(), training_request(storage(images), order, learning_rates), timer);
    const NodeCounts& nodes = training_.nodes();
    return {.phases = timer.phases(),
            .nodes = {{"kernels", nodes.kernels},
                      {"copies", nodes.copies},
                      {"memsets", nodes.memsets},
                      {"others", nodes.others}}};
  }

  std::string description() const override {
    const char* const kernels = options().cuda.kernels == Kernels::library ? ", no own kernels" : "";
    return context_.description() + kernels + library_choices_.remark();
  }

  bool repeatable() const override { return !context_.fast() && library_choices_.not_repeatable.empty(); }

  std::vector<std::string> notes() const override { return notes_; }

 private:
  Workshop workshop(const ArenaArray<kernels::Control>& control, bool training) {
    return {.context = context_,
            .arena = arena_,
            .parameters = parameters_,
            .control = control,
            .seed = options().seed,
            .kernels = options().cuda.kernels,
            .training = training,
            .label_smoothing = options().label_smoothing};
  }

  void note_library_choices() {
    library_choices_ = training_.library_choices();
    library_choices_.add(evaluation_.library_choices());
    if (context_.fast() || library_choices_.not_repeatable.empty()) return;
    notes_.push_back(fmt::format("training again may give other bits: cuDNN runs no repeatable algorithm here for {}",
                                 fmt::join(library_choices_.not_repeatable, ", ")));
  }

  bool fits_on_the_device(const Dataset& dataset) const {
    std::size_t free = 0, total = 0;
    NIB_CHECK_CUDA(cudaMemGetInfo(&free, &total));
    return dataset.pixels.size() + dataset.labels.size() <= free / resident_part;
  }

  static Images& storage(const ImageSet& images) { return static_cast<Images&>(images.storage()); }

  TrainingResources training_resources() {
    return {.context = context_, .step = training_, .buffers = training_buffers_};
  }

  TrainingRequest training_request(Images& images, std::span<const std::uint32_t> order,
                                   std::span<const double> learning_rates) const {
    return {.images = images,
            .order = order,
            .learning_rates = learning_rates,
            .optimizer = options().optimizer,
            .finished_steps = finished_steps_,
            .chunk_steps = chunk_steps(options())};
  }

  TrainResult refused() const {
    TrainResult result;
    result.nonfinite_step = finished_steps_ + 1;
    return result;
  }

  TrainResult ended(const TrainingCallEnd& end) {
    finished_steps_ = end.finished_steps;
    parameters_finite_ = end.parameters_finite;
    return end.result;
  }

  /// Libraries load their kernels when they are first called, and no capture survives that: so one step runs before it,
  /// over no images and, as its control says that a step was not finite, without changing any parameter.
  void warm_up(Step& step) {
    if (step.captured()) return;
    training_buffers_.step_factors.ensure(1, "step factors");
    training_buffers_.records.ensure(1, "step records");
    NIB_CHECK_CUDA(
        cudaMemsetAsync(training_buffers_.step_factors.get(), 0, sizeof(StepFactors<float>), context_.stream()));
    step.set_control({.source = {},
                      .step_factors = training_buffers_.step_factors.get(),
                      .records = training_buffers_.records.get(),
                      .nonfinite_step = 1});
    step.run(nullptr);
    context_.synchronize();
    step.capture();
  }

  std::vector<std::string> notes_;
  std::uint32_t classes_;
  Context context_;
  Arena arena_;
  ParameterStore parameters_;
  ArenaArray<kernels::Control> training_control_, evaluation_control_;
  TrainingStep training_;
  EvaluationStep evaluation_;
  LibraryChoices library_choices_;
  TrainingBuffers training_buffers_;
  EvaluationBuffers evaluation_buffers_;
  std::uint64_t finished_steps_ = 0;
  bool parameters_finite_ = true;
};

}  // namespace

std::unique_ptr<Engine> make_cuda_engine(const EngineOptions& options, unsigned device) {
  const std::vector<std::string> no_notes;
  if (options.cuda.kernels == Kernels::library) return std::make_unique<CudaEngine>(options, device, no_notes);
  try {
    return std::make_unique<CudaEngine>(options, device, no_notes);
  } catch (const OwnKernelsFailed& failure) {
    EngineOptions with_libraries = options;
    with_libraries.cuda.kernels = Kernels::library;
    return std::make_unique<CudaEngine>(
        with_libraries, device,
        std::vector{std::string("own kernels do not run here, so libraries' are used: ") + failure.what()});
  }
}

}  // namespace nib::cuda
