#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nib/engine.h"
#include "nib/error.h"

namespace nib::cuda {

/// What failed behind the border between the program and the CUDA module, where no exception may cross it.
struct Failure {
  ExitCode code = ExitCode::bug;
  Problem problem;
};

/// An Engine as the module hands it over: the same calls, but none of them throws. Each leaves `failure` empty or says
/// what went wrong, and then its result means nothing. A Progress that is passed in must not throw either. Images are
/// what upload() returned, no others.
class ModuleEngine {
 public:
  virtual ~ModuleEngine() = default;
  virtual std::unique_ptr<ImageSet::Storage> upload(std::shared_ptr<const Dataset> dataset,
                                                    std::optional<Failure>& failure) noexcept = 0;
  virtual TrainResult train(ImageSet::Storage& images, std::span<const std::uint32_t> order,
                            std::span<const double> learning_rates, const Progress& progress,
                            std::optional<Failure>& failure) noexcept = 0;
  virtual Metrics evaluate(ImageSet::Storage& images, std::span<float> probabilities,
                           const EvaluationProgress& progress, std::optional<Failure>& failure) noexcept = 0;
  virtual void set_state(const TrainingState& state, std::optional<Failure>& failure) noexcept = 0;
  virtual TrainingState state(std::optional<Failure>& failure) const noexcept = 0;
  virtual Diagnostics diagnostics(ImageSet::Storage& images, std::span<const std::uint32_t> order, unsigned steps,
                                  std::optional<Failure>& failure) noexcept = 0;
  virtual std::string description(std::optional<Failure>& failure) const noexcept = 0;
  virtual std::vector<std::string> notes(std::optional<Failure>& failure) const noexcept = 0;
  virtual bool repeatable(std::optional<Failure>& failure) const noexcept = 0;
};

/// The module's one function: the engine for CUDA device number `device`, or null with `failure` set. The caller owns
/// the engine. The module also exports a constant beside it, `const char nib_cuda_build_id[]`: only a program with the
/// same build id may call the function, as both sides share the C++ types above.
using MakeModuleEngine = ModuleEngine* (*)(const EngineOptions& options, unsigned device,
                                           std::optional<Failure>& failure) noexcept;
inline constexpr const char* module_function_name = "nib_cuda_make_engine";
inline constexpr const char* module_build_id_name = "nib_cuda_build_id";

}  // namespace nib::cuda
