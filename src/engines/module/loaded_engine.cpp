#include "engines/module/loaded_engine.h"

#include <exception>
#include <utility>

namespace nib::cuda {
namespace {

void throw_if(const std::optional<Failure>& failure) {
  if (failure) throw Error(failure->code, failure->problem);
}

/// A Progress, or one of an evaluation, that lets no exception out, and keeps it instead.
template <typename Told>
class GuardedProgress {
 public:
  using Function = std::function<Next(Told)>;
  explicit GuardedProgress(const Function& progress) : progress_(progress) {}
  GuardedProgress(const GuardedProgress&) = delete;
  GuardedProgress& operator=(const GuardedProgress&) = delete;

  /// Empty where there is nobody to tell.
  Function guarded() {
    if (!progress_) return {};
    return [this](Told told) noexcept { return tell(told); };
  }
  void rethrow() const {
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  Next tell(Told told) noexcept {
    if (thrown_) return Next::stop;
    try {
      return progress_(told);
    } catch (...) {
      thrown_ = std::current_exception();
      return Next::stop;
    }
  }

  const Function& progress_;
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
template <typename Told, typename Call>
auto call_with(const std::function<Next(Told)>& progress, const Call& call) {
  GuardedProgress<Told> guard(progress);
  std::optional<Failure> failure;
  auto result = call(guard.guarded(), failure);
  guard.rethrow();
  throw_if(failure);
  return result;
}

class LoadedEngine : public Engine {
 public:
  LoadedEngine(std::unique_ptr<ModuleEngine> engine, const EngineOptions& options)
      : Engine(options), engine_(std::move(engine)) {}

  std::unique_ptr<ImageSet::Storage> do_upload(std::shared_ptr<const Dataset> dataset) override {
    auto images = call([&](auto& failure) { return engine_->upload(std::move(dataset), failure); });
    if (!images)
      throw Error(ExitCode::bug, {.file = "CUDA", .problem = "the module returned neither images nor a failure"});
    return images;
  }

  TrainResult do_train(const ImageSet& images, std::span<const std::uint32_t> order,
                       std::span<const double> learning_rates, const Progress& progress) override {
    return call_with(progress, [&](const Progress& guarded, auto& failure) {
      return engine_->train(images.storage(), order, learning_rates, guarded, failure);
    });
  }

  Metrics do_evaluate(const ImageSet& images, std::span<float> probabilities,
                      const EvaluationProgress& progress) override {
    return call_with(progress, [&](const EvaluationProgress& guarded, auto& failure) {
      return engine_->evaluate(images.storage(), probabilities, guarded, failure);
    });
  }

  void do_set_state(const TrainingState& state) override {
    std::optional<Failure> failure;
    engine_->set_state(state, failure);
    throw_if(failure);
  }

  TrainingState state() const override {
    return call([&](auto& failure) { return engine_->state(failure); });
  }

  Diagnostics do_diagnostics(const ImageSet& images, std::span<const std::uint32_t> order) override {
    const auto steps = static_cast<unsigned>(order.size() / options().batch);
    return call([&](auto& failure) { return engine_->diagnostics(images.storage(), order, steps, failure); });
  }

  std::string description() const override {
    return call([&](auto& failure) { return engine_->description(failure); });
  }

  std::vector<std::string> notes() const override {
    return call([&](auto& failure) { return engine_->notes(failure); });
  }

  bool repeatable() const override {
    return call([&](auto& failure) { return engine_->repeatable(failure); });
  }

 private:
  std::unique_ptr<ModuleEngine> engine_;
};

}  // namespace

std::unique_ptr<Engine> adapt(std::unique_ptr<ModuleEngine> engine, const EngineOptions& options) {
  return std::make_unique<LoadedEngine>(std::move(engine), options);
}

}  // namespace nib::cuda
