#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "nib/engine.h"
#include "support/golden.h"

namespace nib {

/// An engine that all tests of this folder run on, with the errors that its arithmetic may make.
struct EngineCase {
  std::string name;
  std::string device;  ///< as make_engine() takes it; "cuda on host": the stand-ins of CUDA
  std::optional<Precision> precision{};
  double unit_roundoff = 0x1.0p-24;         ///< of its sums and products
  double elementwise = 16;                  ///< unit roundoffs an operation may add, relative to the sizes of its terms
  double probabilities = 1e-6;              ///< absolute error
  double loss = 1e-6;                       ///< absolute error of a row's loss
  double gradients = 1e-5;                  ///< error of a tensor relative to its Euclidean norm
  double outside = 0;                       ///< part of a tensor that may be beyond the elementwise gate
  double correct = 0;                       ///< part of the rows that may be classified otherwise
  double keras = 1;                         ///< how often it may stray as far from recorded numbers as FP32
  std::size_t keras_steps = 50;             ///< of those recorded with Keras that it has the time for
  bool keras_images = true;                 ///< it has the time for all test images of MNIST
  std::vector<unsigned> threads{};          ///< numbers of threads that must give the same bits
  std::vector<std::string> instructions{};  ///< values of NIB_INSTRUCTIONS that must give the same bits
};

/// All engines, each in FP32.
const std::vector<EngineCase>& engine_cases();
/// These, and those with TF32: for tests of numbers.
std::vector<EngineCase> arithmetic_cases();

/// The layers (indices into Network::layers) whose products an engine takes from operands in TF32: with it, all that
/// are left to the libraries.
std::vector<std::uint32_t> tf32_layers(const EngineCase& engine_case, const Network& network,
                                       Kernels kernels = Kernels::own);

/// Why no engine of this case can be made on this machine, if so.
std::optional<std::string> unavailable(const EngineCase& engine_case);

/// Null where unavailable() says why: tests skip then, before they use it.
std::unique_ptr<Engine> make_engine(const EngineCase& engine_case, const EngineOptions& options);

/// The same for a network that is so small that cuDNN may run no algorithm for it: null, too, where it does not, and
/// `refusal` says so, with the network's `name`.
std::unique_ptr<Engine> make_engine_unless_refused(const EngineCase& engine_case, const EngineOptions& options,
                                                   const std::string& name, std::string& refusal);

/// While it lives, the engines that are made use this instruction set. unavailable() says why they cannot.
class ForcedInstructions {
 public:
  explicit ForcedInstructions(const std::string& instructions);
  ~ForcedInstructions();
  ForcedInstructions(const ForcedInstructions&) = delete;
  ForcedInstructions& operator=(const ForcedInstructions&) = delete;

  std::optional<std::string> unavailable(const EngineCase& engine_case) const;

 private:
  std::optional<std::string> before_;
};

/// A state to begin from that is not a special case of anything: initial weights, biases away from zero, and 41
/// finished steps.
TrainingState uneven_state(const Network& network);

/// One step on the rows of `images`, from `state` with moments of zero: so the first moment it leaves is the gradient
/// times 1 - beta1, rounded once.
struct ProbedStep {
  StepResult result;
  TrainingState after;
  std::vector<std::vector<double>> gradients;  ///< as reference::Tensors
};
ProbedStep probe_step(Engine& engine, std::shared_ptr<const Dataset> images, std::span<const std::uint32_t> rows,
                      const TrainingState& state);

/// Names of parameterised tests: the engine, and the network where there is one.
inline std::string case_name(const testing::TestParamInfo<EngineCase>& info) { return info.param.name; }

using EngineAndNetwork = std::tuple<EngineCase, golden::NamedNetwork>;
inline std::string engine_and_network_name(const testing::TestParamInfo<EngineAndNetwork>& info) {
  return std::get<0>(info.param).name + "_" + std::get<1>(info.param).name;
}

/// A test that runs on every engine, or on every engine with every network of tests/golden/networks/.
class EngineTest : public testing::TestWithParam<EngineCase> {
 protected:
  void SetUp() override {
    if (const auto reason = unavailable(engine_case())) GTEST_SKIP() << *reason;
  }
  const EngineCase& engine_case() const { return GetParam(); }
};

class EngineNetworkTest : public testing::TestWithParam<EngineAndNetwork> {
 protected:
  void SetUp() override {
    if (const auto reason = unavailable(engine_case())) GTEST_SKIP() << *reason;
  }
  const EngineCase& engine_case() const { return std::get<0>(GetParam()); }
  const Network& network() const { return std::get<1>(GetParam()).network; }
  std::shared_ptr<const Dataset> images(std::uint32_t count) const;
};

inline auto every_engine() { return testing::ValuesIn(engine_cases()); }
inline auto every_arithmetic() { return testing::ValuesIn(arithmetic_cases()); }
inline auto every_engine_and_network() {
  return testing::Combine(testing::ValuesIn(engine_cases()), testing::ValuesIn(golden::networks()));
}
inline auto every_arithmetic_and_network() {
  return testing::Combine(every_arithmetic(), testing::ValuesIn(golden::networks()));
}

// How a failed test prints its parameter.
inline void PrintTo(const EngineCase& engine_case, std::ostream* out) { *out << engine_case.name; }
namespace golden {
inline void PrintTo(const NamedNetwork& network, std::ostream* out) { *out << network.name; }
}  // namespace golden

}  // namespace nib
