#include "engines/engine_case.h"

#include <cstdlib>

#include "base/error.h"
#include "engines/cuda/cuda_engine.h"
#include "support/synthetic.h"

namespace nib {

namespace {

constexpr const char* host_stand_ins = "cuda on host";

/// Why the CUDA device cannot be used, asked once for all tests of this program.
const std::optional<std::string>& gpu_unavailable() {
  static const std::optional<std::string> reason = []() -> std::optional<std::string> {
    std::string note;
    try {
      make_engine("cuda", {.network = golden::networks().at(0).network}, note);
      return std::nullopt;
    } catch (const Error& error) {
      return error.what();
    }
  }();
  return reason;
}

}  // namespace

const std::vector<EngineCase>& engine_cases() {
  static const std::vector<EngineCase> cases = {
      {.name = "cpu", .device = "cpu", .threads = {1, 2, 3, 4, 7}, .instructions = {"scalar", "avx2", "avx512"}},
      {.name = "cuda_on_host",
       .device = host_stand_ins,
       .precision = Precision::fp32,
       .keras_steps = 10,
       .threads = {1}},
      {.name = "gpu", .device = "cuda", .precision = Precision::fp32, .threads = {1}}};
  return cases;
}

std::optional<std::string> unavailable(const EngineCase& engine_case) {
  return engine_case.device == "cuda" ? gpu_unavailable() : std::nullopt;
}

std::unique_ptr<Engine> make_engine(const EngineCase& engine_case, const EngineOptions& options) {
  if (unavailable(engine_case)) return nullptr;
  EngineOptions with_precision = options;
  with_precision.precision = engine_case.precision;
  if (engine_case.device == host_stand_ins) {
    with_precision.cuda.evaluation_batch = 64;  // as many as fill a GPU would take long here
    return cuda::make_cuda_engine(with_precision, 0);
  }
  std::string note;
  return make_engine(engine_case.device, with_precision, note);
}

ForcedInstructions::ForcedInstructions(const std::string& instructions) {
  if (const char* before = std::getenv("NIB_INSTRUCTIONS")) before_ = before;
  setenv("NIB_INSTRUCTIONS", instructions.c_str(), 1);
}

ForcedInstructions::~ForcedInstructions() {
  if (before_) {
    setenv("NIB_INSTRUCTIONS", before_->c_str(), 1);
  } else {
    unsetenv("NIB_INSTRUCTIONS");
  }
}

std::optional<std::string> ForcedInstructions::unavailable(const EngineCase& engine_case) const {
  try {
    make_engine(engine_case, {.network = digits_network()});
    return std::nullopt;
  } catch (const Error& error) {
    if (error.code() != ExitCode::usage) throw;
    return error.what();
  }
}

TrainingState uneven_state(const Network& network) {
  TrainingState state = first_state(network, initial_parameters(network, 3));
  state.step = 41;
  for (std::size_t t = 1; t < state.parameters.tensors.size(); t += 2) {
    std::vector<float>& bias = state.parameters.tensors[t].values;
    for (std::size_t i = 0; i < bias.size(); ++i) {
      bias[i] = (i % 3 == 0 ? -0.03f : 0.05f) + 0.001f * static_cast<float>(i);
    }
  }
  return state;
}

ProbedStep probe_step(Engine& engine, std::shared_ptr<const Dataset> images, std::span<const std::uint32_t> rows,
                      const TrainingState& state) {
  engine.set_state(state);
  const ImageSet set = engine.upload(std::move(images));
  ProbedStep probed;
  const double learning_rate = 0.001;
  engine.train(set, rows, {&learning_rate, 1}, [&](std::span<const StepResult> steps) {
    EXPECT_EQ(steps.size(), 1u);
    probed.result = steps.front();
    return Next::go_on;
  });
  probed.after = engine.state();
  const auto one_minus_beta1 = static_cast<double>(static_cast<float>(1.0 - Optimizer{}.beta1));
  for (const Tensor& moment : probed.after.moments[0].values.tensors) {
    probed.gradients.emplace_back(moment.values.begin(), moment.values.end());
    for (double& value : probed.gradients.back()) value /= one_minus_beta1;
  }
  return probed;
}

std::shared_ptr<const Dataset> EngineNetworkTest::images(std::uint32_t count) const {
  const Shape& input = network().input;
  return synthetic::shared_digits(input.height, input.width, class_count(network()), count);
}

}  // namespace nib
