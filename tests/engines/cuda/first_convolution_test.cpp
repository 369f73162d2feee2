// The front of a network in kernels of nib's own, against the same network with the libraries' calls.

#include "engines/cuda/cuda_engine_fixture.h"
#include "engines/cuda/step.h"
#include "support/synthetic.h"

namespace nib {
namespace {

class CudaFirstConvolution : public CudaEngineTest {};

/// No own tail can take its end.
Network front(std::uint32_t kernel, Padding padding) {
  return {.input = {9, 8, 1},
          .layers = {
              Convolution{.filters = 5, .kernel = {kernel, kernel}, .padding = padding, .activation = Activation::relu},
              MaxPool{}, Flatten{}, Dense{.units = 10, .activation = Activation::softmax}}};
}

EngineOptions options(const Network& network, Kernels kernels, bool stream = false) {
  return {.network = network, .batch = 17, .seed = 3, .cuda = {.stream = stream, .kernels = kernels}};
}

/// A whole step and one that is not full.
TEST_F(CudaFirstConvolution, TakesTheStepsThatTheLibrariesTake) {
  for (const Network& network : {front(3, Padding::valid), front(5, Padding::same), small_network()}) {
    const auto images = images_for(network, 30);
    TrainingState states[2];
    std::vector<float> probabilities[2];
    for (const Kernels kernels : {Kernels::own, Kernels::library}) {
      const auto index = static_cast<std::size_t>(kernels);
      const auto engine = make(options(network, kernels));
      const ImageSet set = engine->upload(images);
      engine->train(set, synthetic::file_order(30), std::vector<double>(2, 0.001), {});
      states[index] = engine->state();
      probabilities[index].resize(30 * class_count(network));
      engine->evaluate(set, probabilities[index], {});
    }
    for (std::size_t t = 0; t < states[0].first_moment.tensors.size(); ++t) {
      const Tensor &actual = states[0].first_moment.tensors[t], &expected = states[1].first_moment.tensors[t];
      for (std::size_t i = 0; i < expected.values.size(); ++i)
        ASSERT_NEAR(actual.values[i], expected.values[i], 1e-5) << expected.name << ' ' << i;
    }
    for (std::size_t i = 0; i < probabilities[0].size(); ++i)
      ASSERT_NEAR(probabilities[0][i], probabilities[1][i], 1e-5) << i;
  }
}

TEST_F(CudaFirstConvolution, GivesTheSameBitsInEveryOrder) {
  const Network network = front(3, Padding::same);
  const auto images = images_for(network, 3 * 17 + 2);
  const auto trained = [&](std::uint64_t seed, bool stream) {
    cuda_on_host::set_seed(seed);
    return trained_hash(*make(options(network, Kernels::own, stream)), images, 17, 1);
  };
  const std::string expected = trained(1, false);
  for (const std::uint64_t seed : {2u, 3u, 4u, 5u}) EXPECT_EQ(trained(seed, seed % 2 == 0), expected) << seed;
}

/// Of training first, there and back, then of evaluation.
TEST_F(CudaFirstConvolution, GivesWayWhereItDoesNotRun) {
  const Network network = front(3, Padding::valid);
  const auto images = images_for(network, 40);
  const std::string expected = trained_hash(*make(options(network, Kernels::library)), images, 17, 1);
  for (const unsigned launch : {1u, 2u, 3u}) {
    cuda_on_host::fail_call("cudaLaunchKernelExC", launch, cudaErrorNoKernelImageForDevice);
    const auto engine = make(options(network, Kernels::own));
    ASSERT_EQ(engine->notes().size(), 1u) << launch;
    EXPECT_EQ(trained_hash(*engine, images, 17, 1), expected);
  }
}

}  // namespace
}  // namespace nib
