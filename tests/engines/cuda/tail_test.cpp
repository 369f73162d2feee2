// The end of a network in a kernel of nib's own, against the same network with the libraries' calls.

#include <algorithm>
#include <cmath>

#include "engines/cuda/cuda_engine_fixture.h"
#include "engines/cuda/step.h"
#include "support/synthetic.h"

namespace nib {
namespace {

class CudaTail : public CudaEngineTest {};

Network two_dense(std::uint32_t units, std::uint32_t classes, Activation activation = Activation::relu) {
  return {.input = {6, 5, 1},
          .layers = {Flatten{}, Dense{.units = units, .activation = activation},
                     Dense{.units = classes, .activation = Activation::softmax}}};
}

EngineOptions options(const Network& network, std::uint32_t batch, Kernels kernels, bool stream = false) {
  return {.network = network, .batch = batch, .seed = 3, .cuda = {.stream = stream, .kernels = kernels}};
}

/// Library calls of a captured training step.
std::uint64_t library_calls(Engine& engine, const std::shared_ptr<const Dataset>& images) {
  engine.train(engine.upload(images), {}, {}, {});
  return cuda_on_host::last_graph().library_calls / cuda::steps_per_graph;
}

double norm(const std::vector<float>& numbers, const std::vector<float>& less) {
  double squares = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    squares += std::pow(static_cast<double>(numbers[i]) - static_cast<double>(less[i]), 2);
  return std::sqrt(squares);
}

/// A whole step and one that is not full; the first moments behind them are sums of their gradients.
TEST_F(CudaTail, TakesTheStepsThatTheLibrariesTake) {
  for (const Network& network : {small_network(), two_dense(1, 2), two_dense(200, 32), two_dense(128, 10)}) {
    const auto images = images_for(network, 30);
    std::vector<StepResult> results[2];
    TrainingState states[2];
    std::vector<float> probabilities[2];
    for (const Kernels kernels : {Kernels::own, Kernels::library}) {
      const auto index = static_cast<std::size_t>(kernels);
      const auto engine = make(options(network, 17, kernels));
      const ImageSet set = engine->upload(images);
      engine->train(set, synthetic::file_order(30), std::vector<double>(2, 0.001), [&](auto steps) {
        results[index].insert(results[index].end(), steps.begin(), steps.end());
        return Next::go_on;
      });
      states[index] = engine->state();
      probabilities[index].resize(30 * class_count(network));
      engine->evaluate(set, probabilities[index], {});
    }
    ASSERT_EQ(results[0].size(), 2u);
    ASSERT_EQ(results[1].size(), 2u);
    for (std::size_t i = 0; i < 2; ++i) {
      EXPECT_EQ(results[0][i].correct, results[1][i].correct);
      EXPECT_NEAR(results[0][i].loss, results[1][i].loss, 1e-5 * results[1][i].loss);
    }
    for (std::size_t t = 0; t < states[0].moments[0].values.tensors.size(); ++t) {
      const Tensor& expected = states[1].moments[0].values.tensors[t];
      EXPECT_LE(norm(states[0].moments[0].values.tensors[t].values, expected.values),
                1e-5 * norm(expected.values, std::vector<float>(expected.values.size())))
          << expected.name;
    }
    for (std::size_t i = 0; i < probabilities[0].size(); ++i)
      ASSERT_NEAR(probabilities[0][i], probabilities[1][i], 1e-5) << i;
  }
}

/// More rows than blocks of threads take at once, images on the device and streamed.
TEST_F(CudaTail, GivesTheSameBitsInEveryOrder) {
  const Network network = two_dense(37, 10);
  const auto images = images_for(network, 3 * 139 + 2);
  const auto trained = [&](std::uint64_t seed, bool stream) {
    cuda_on_host::set_seed(seed);
    return trained_hash(*make(options(network, 139, Kernels::own, stream)), images, 139, 1);
  };
  const std::string expected = trained(1, false);
  for (const std::uint64_t seed : {2u, 3u, 4u, 5u}) EXPECT_EQ(trained(seed, seed % 2 == 0), expected) << seed;
}

TEST_F(CudaTail, LeavesOtherNetworksToTheLibraries) {
  Network dropout = two_dense(20, 10);
  dropout.layers.insert(dropout.layers.end() - 1, Dropout{0.5});
  for (const Network& network : {two_dense(20, 33), two_dense(513, 2), two_dense(20, 10, Activation::none), dropout})
    for (const Kernels kernels : {Kernels::own, Kernels::library})
      EXPECT_EQ(library_calls(*make(options(network, 4, kernels)), images_for(network, 40)), 5u);
  EXPECT_EQ(library_calls(*make(options(two_dense(20, 10), 4, Kernels::own)), images_for(dropout, 40)), 2u);
}

/// Of training first, of evaluation second.
TEST_F(CudaTail, GivesWayWhereItDoesNotRun) {
  const Network network = two_dense(20, 10);
  const auto images = images_for(network, 40);
  const std::string expected = trained_hash(*make(options(network, 8, Kernels::library)), images, 8, 1);
  for (const unsigned launch : {1u, 2u}) {
    cuda_on_host::fail_call("cudaLaunchKernelExC", launch, cudaErrorNoKernelImageForDevice);
    const auto engine = make(options(network, 8, Kernels::own));
    ASSERT_EQ(engine->notes().size(), 1u);
    EXPECT_EQ(engine->notes()[0].find("own kernels do not run here, so libraries' are used: CUDA: "), 0u)
        << engine->notes()[0];
    EXPECT_EQ(trained_hash(*engine, images, 8, 1), expected);
  }
  EXPECT_TRUE(make(options(network, 8, Kernels::own))->notes().empty());
  cuda_on_host::fail_call("cudaLaunchKernelExC", 1, cudaErrorIllegalAddress, true);
  device_error_of([&] { make(options(network, 8, Kernels::own)); });
}

}  // namespace
}  // namespace nib
