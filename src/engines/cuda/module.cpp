// The module's side of the border: an Engine whose exceptions end here.

#include <exception>
#include <new>
#include <utility>

#include "engines/cuda/cuda_engine.h"
#include "engines/module/border.h"
#include "engines/module/build.h"

namespace nib::cuda {
namespace {

/// Runs `call` and returns what it returns; what it throws goes into `failure`, and the result is empty.
template <typename Call>
auto contained(std::optional<Failure>& failure, const Call& call) noexcept -> decltype(call()) {
  try {
    failure.reset();
    return call();
  } catch (const Error& error) {
    failure = Failure{error.code(), error.problem()};
  } catch (const std::bad_alloc&) {
    failure = Failure{ExitCode::io, {.problem = "out of memory"}};
  } catch (const std::exception& error) {
    failure = Failure{ExitCode::bug, {.problem = error.what()}};
  }
  if constexpr (!std::is_void_v<decltype(call())>) return {};
}

/// What the program holds of a set of the contained engine.
struct ContainedImages : ImageSet::Storage {
  explicit ContainedImages(ImageSet of_engine) : images(std::move(of_engine)) {}
  ImageSet images;
};

class ContainedEngine : public ModuleEngine {
 public:
  explicit ContainedEngine(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}

  std::unique_ptr<ImageSet::Storage> upload(std::shared_ptr<const Dataset> dataset,
                                            std::optional<Failure>& failure) noexcept override {
    return contained(failure, [&]() -> std::unique_ptr<ImageSet::Storage> {
      return std::make_unique<ContainedImages>(engine_->upload(std::move(dataset)));
    });
  }
  TrainResult train(ImageSet::Storage& images, std::span<const std::uint32_t> order,
                    std::span<const double> learning_rates, const Progress& progress,
                    std::optional<Failure>& failure) noexcept override {
    return contained(failure, [&] { return engine_->train(uploaded(images), order, learning_rates, progress); });
  }
  Metrics evaluate(ImageSet::Storage& images, std::span<float> probabilities, const EvaluationProgress& progress,
                   std::optional<Failure>& failure) noexcept override {
    return contained(failure, [&] { return engine_->evaluate(uploaded(images), probabilities, progress); });
  }
  void set_state(const TrainingState& state, std::optional<Failure>& failure) noexcept override {
    contained(failure, [&] { engine_->set_state(state); });
  }
  TrainingState state(std::optional<Failure>& failure) const noexcept override {
    return contained(failure, [&] { return engine_->state(); });
  }
  Diagnostics diagnostics(ImageSet::Storage& images, std::span<const std::uint32_t> order, unsigned steps,
                          std::optional<Failure>& failure) noexcept override {
    return contained(failure, [&] { return engine_->diagnostics(uploaded(images), order, steps); });
  }
  std::string description(std::optional<Failure>& failure) const noexcept override {
    return contained(failure, [&] { return engine_->description(); });
  }
  std::vector<std::string> notes(std::optional<Failure>& failure) const noexcept override {
    return contained(failure, [&] { return engine_->notes(); });
  }
  bool repeatable(std::optional<Failure>& failure) const noexcept override {
    return contained(failure, [&] { return engine_->repeatable(); });
  }

 private:
  static const ImageSet& uploaded(ImageSet::Storage& images) { return static_cast<ContainedImages&>(images).images; }

  std::unique_ptr<Engine> engine_;
};

}  // namespace
}  // namespace nib::cuda

extern "C" {

[[gnu::visibility("default")]] extern const char nib_cuda_build_id[];
const char nib_cuda_build_id[] = NIB_CUDA_BUILD_ID;

[[gnu::visibility("default")]] nib::cuda::ModuleEngine* nib_cuda_make_engine(
    const nib::EngineOptions& options, unsigned device, std::optional<nib::cuda::Failure>& failure) noexcept {
  return nib::cuda::contained(failure, [&]() -> nib::cuda::ModuleEngine* {
    return new nib::cuda::ContainedEngine(nib::cuda::make_cuda_engine(options, device));
  });
}

}  // extern "C"
