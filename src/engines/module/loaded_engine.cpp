#include "engines/module/loaded_engine.h"

#include <exception>
#include <utility>

namespace nib::cuda {
namespace {

void throw_if(const std::optional<Failure>& failure) {
  if (failure) throw Error(failure->code, failure->problem);
}

/// A Progress that lets no exception out, and keeps it instead.
class GuardedProgress {
 public:
  explicit GuardedProgress(const Progress& progress) : progress_(progress) {}
  GuardedProgress(const GuardedProgress&) = delete;
  GuardedProgress& operator=(const GuardedProgress&) = delete;

  /// Empty where there is nobody to tell.
  Progress guarded() {
    if (!progress_) return {};
    return [this](std::span<const StepResult> steps) noexcept { return tell(steps); };
  }
  void rethrow() const {
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  Next tell(std::span<const StepResult> steps) noexcept {
    if (thrown_) return Next::stop;
    try {
      return progress_(steps);
    } catch (...) {
      thrown_ = std::current_exception();
      return Next::stop;
    }
  }

  const Progress& progress_;
  std::exception_ptr thrown_;
};

template <typename Call>
auto call(const Call& call) {
  std::optional<Failure> failure;
  auto result = call(failure);
  throw_if(failure);
  return result;
}

/// What Progress threw comes before what failed behind it: the caller knows it, and it may be the cause.
template <typename Call>
auto call_with(const Progress& progress, const Call& call) {
  GuardedProgress guard(progress);
  std::optional<Failure> failure;
  auto result = call(guard.guarded(), failure);
  guard.rethrow();
  throw_if(failure);
  return result;
}

class LoadedEngine : public Engine {
 public:
  explicit LoadedEngine(std::unique_ptr<ModuleEngine> engine) : engine_(std::move(engine)) {}

  ImageSet upload(std::shared_ptr<const Dataset> dataset) override {
    std::optional<ImageSet> images = call([&](auto& failure) { return engine_->upload(std::move(dataset), failure); });
    if (!images)
      throw Error(ExitCode::bug, {.file = "CUDA", .problem = "the module returned neither images nor a failure"});
    return *std::move(images);
  }

  TrainResult train(const ImageSet& images, std::span<const std::uint32_t> order,
                    std::span<const double> learning_rates, const Progress& progress) override {
    return call_with(progress, [&](const Progress& guarded, auto& failure) {
      return engine_->train(images, order, learning_rates, guarded, failure);
    });
  }

  Metrics evaluate(const ImageSet& images, std::span<float> probabilities, const Progress& progress) override {
    return call_with(progress, [&](const Progress& guarded, auto& failure) {
      return engine_->evaluate(images, probabilities, guarded, failure);
    });
  }

  void set_state(const TrainingState& state) override {
    std::optional<Failure> failure;
    engine_->set_state(state, failure);
    throw_if(failure);
  }

  TrainingState state() const override {
    return call([&](auto& failure) { return engine_->state(failure); });
  }

  std::vector<PhaseTime> profile(const ImageSet& images, std::span<const std::uint32_t> order,
                                 unsigned steps) override {
    return call([&](auto& failure) { return engine_->profile(images, order, steps, failure); });
  }

  std::vector<Count> step_nodes() override {
    return call([&](auto& failure) { return engine_->step_nodes(failure); });
  }

  std::string description() const override {
    return call([&](auto& failure) { return engine_->description(failure); });
  }

 private:
  std::unique_ptr<ModuleEngine> engine_;
};

}  // namespace

std::unique_ptr<Engine> adapt(std::unique_ptr<ModuleEngine> engine) {
  return std::make_unique<LoadedEngine>(std::move(engine));
}

}  // namespace nib::cuda
