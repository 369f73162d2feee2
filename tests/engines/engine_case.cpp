#include "engines/engine_case.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <variant>

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

/// Whether the engine's own kernels take the first convolution.
bool has_own_front(const Network& network) {
  if (network.layers.size() < 2) return false;
  const auto* const convolution = std::get_if<Convolution>(&network.layers[0]);
  const auto* const pool = std::get_if<MaxPool>(&network.layers[1]);
  if (convolution == nullptr || pool == nullptr) return false;
  const auto [height, width] = convolution->kernel;
  return convolution->activation == Activation::relu && height == width && (height == 3 || height == 5) &&
         convolution->stride == std::array{1u, 1u} && pool->size == std::array{2u, 2u} &&
         pool->stride == std::array{2u, 2u};
}

/// Whether an own kernel takes the last layer. No network of the tests is too large for it.
bool has_own_tail(const Network& network) {
  if (network.layers.size() < 2) return false;
  const auto* const hidden = std::get_if<Dense>(&network.layers[network.layers.size() - 2]);
  return hidden != nullptr && hidden->activation == Activation::relu;
}

/// The case of this name with TF32. Its reference rounds the same operands, but one that was computed in FP32 may lie
/// on the other side of a boundary there. Then it is off by a unit in the last of 11 bits, 2^-10: so both operands of a
/// product by 4 * 2^-11. As few do, a tensor as a whole is nearer. Keras's records round nothing: from them it strays
/// farther than FP32, by less than the 2^13 of the roundoffs, as the roundings of many operands make up for each other.
EngineCase in_tf32(const std::string& name) {
  EngineCase engine_case = *std::ranges::find(engine_cases(), name, &EngineCase::name);
  engine_case.name += "_tf32";
  engine_case.precision = Precision::tf32;
  engine_case.unit_roundoff = 0x1.0p-11;
  engine_case.elementwise = 4;
  engine_case.gradients = 0x1.0p-11;
  engine_case.probabilities = 0x1.0p-15;
  engine_case.loss = 0x1.0p-16;
  engine_case.keras = 0x1.0p10;
  return engine_case;
}

/// Whether a GPU rounds its operands to the nearest or cuts them off is not documented. Cut off, each product is
/// smaller by 2^-10 on average, and ten layers there and back by 2^-6; where a ReLU's input is nearer to 0 than that,
/// it may open for one and not for the other, which about one in a hundred does.
EngineCase in_tf32_of_a_gpu() {
  EngineCase engine_case = in_tf32("gpu");
  engine_case.gradients = 0.1;
  engine_case.outside = 0.1;
  engine_case.probabilities = engine_case.loss = 0x1.0p-6;
  engine_case.correct = 0.05;
  return engine_case;
}

}  // namespace

const std::vector<EngineCase>& engine_cases() {
  static const std::vector<EngineCase> cases = {
      {.name = "cpu",
       .device = "cpu",
       .threads = {1, 2, 3, 4, 7, 16, 64},
       .instructions = {"scalar", "avx2", "avx512"}},
      {.name = "cuda_on_host",
       .device = host_stand_ins,
       .precision = Precision::fp32,
       .keras_steps = 10,
       .threads = {1}},
      {.name = "gpu", .device = "cuda", .precision = Precision::fp32, .threads = {1}}};
  return cases;
}

std::vector<EngineCase> arithmetic_cases() {
  std::vector<EngineCase> all = engine_cases();
  EngineCase on_host = in_tf32("cuda_on_host");
  on_host.keras_steps = 5;
  on_host.keras_images = false;
  all.insert(all.end(), {on_host, in_tf32_of_a_gpu()});
  return all;
}

std::vector<std::uint32_t> tf32_layers(const EngineCase& engine_case, const Network& network, Kernels kernels) {
  std::vector<std::uint32_t> layers;
  if (engine_case.precision != Precision::tf32) return layers;
  for (std::uint32_t i = 0; i < network.layers.size(); ++i)
    if (std::holds_alternative<Convolution>(network.layers[i]) || std::holds_alternative<Dense>(network.layers[i]))
      layers.push_back(i);
  if (kernels == Kernels::library) return layers;
  if (has_own_tail(network)) layers.pop_back();
  if (has_own_front(network)) layers.erase(layers.begin());
  return layers;
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

std::unique_ptr<Engine> make_engine_unless_refused(const EngineCase& engine_case, const EngineOptions& options,
                                                   const std::string& name, std::string& refusal) {
  try {
    return make_engine(engine_case, options);
  } catch (const Error& error) {
    const std::string message = error.what();
    if (message.find("no algorithm runs on this GPU") == std::string::npos) throw;
    refusal = "the network " + name + " is too small for cuDNN: " + message;
    return nullptr;
  }
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
  const auto one_minus_beta1 = static_cast<double>(static_cast<float>(1.0 - Adam{}.beta1));
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
