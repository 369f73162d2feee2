// What the fake module makes in place of the CUDA engine: the CPU engine under another name, so that a program that
// loads it trains for real. FAKE_ENGINE says what goes wrong instead.

#include <cstdlib>
#include <new>
#include <stdexcept>

#include "base/error.h"
#include "engines/cpu/cpu_engine.h"
#include "engines/cuda/cuda_engine.h"

extern "C" std::size_t cudnnGetVersion();

namespace nib::cuda {
namespace {

bool asked_for(const std::string& what) {
  const char* const text = std::getenv("FAKE_ENGINE");
  return text && what == text;
}

/// As of an engine whose cuDNN refused its first choice.
std::string remark() { return asked_for("unusual") ? " (conv1 forward: algorithm 0, FMA math)" : ""; }

Error out_of_memory() {
  return device_error({.file = "CUDA",
                       .problem = "out of GPU memory",
                       .expected = "900 MiB",
                       .got = "100 MiB free",
                       .hint = "a smaller " + setting("batch") + " needs less memory"});
}

/// A set of the engine behind.
struct CpuImages : ImageSet::Storage {
  explicit CpuImages(ImageSet of_engine) : images(std::move(of_engine)) {}
  ImageSet images;
};

const ImageSet& behind(const ImageSet& images) { return static_cast<CpuImages&>(images.storage()).images; }

class FakeEngine : public Engine {
 public:
  FakeEngine(const EngineOptions& options, unsigned device)
      : Engine(options), device_(device), engine_(cpu::make_cpu_engine(options)) {}

  std::unique_ptr<ImageSet::Storage> do_upload(std::shared_ptr<const Dataset> dataset) override {
    return std::make_unique<CpuImages>(engine_->upload(std::move(dataset)));
  }
  TrainResult do_train(const ImageSet& images, std::span<const std::uint32_t> order,
                       std::span<const double> learning_rates, const Progress& progress) override {
    const TrainResult result = engine_->train(behind(images), order, learning_rates, progress);
    if (asked_for("fail in training")) throw out_of_memory();
    if (asked_for("throw another thing")) throw std::out_of_range("index 7");
    return result;
  }
  Metrics do_evaluate(const ImageSet& images, std::span<float> probabilities,
                      const EvaluationProgress& progress) override {
    return engine_->evaluate(behind(images), probabilities, progress);
  }
  void do_set_state(const TrainingState& state) override { engine_->set_state(state); }
  TrainingState state() const override { return engine_->state(); }
  Diagnostics do_diagnostics(const ImageSet& images, std::span<const std::uint32_t> order) override {
    return engine_->diagnostics(behind(images), order, static_cast<unsigned>(order.size() / options().batch));
  }
  std::string description() const override {
    return "cuda:" + std::to_string(device_) + " Fake GPU, cuDNN " + std::to_string(cudnnGetVersion()) +
           (options().precision == Precision::tf32 ? ", TF32" : ", FP32") +
           (options().cuda.kernels == Kernels::library ? ", no own kernels" : "") + remark();
  }

 private:
  unsigned device_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace

std::unique_ptr<Engine> make_cuda_engine(const EngineOptions& options, unsigned device) {
  if (asked_for("fail at construction")) throw out_of_memory();
  if (asked_for("use up memory")) throw std::bad_alloc();
  if (asked_for("refuse the network"))
    throw input_error({.file = "network", .problem = "too large", .hint = "take a smaller one"});
  return std::make_unique<FakeEngine>(options, device);
}

}  // namespace nib::cuda
