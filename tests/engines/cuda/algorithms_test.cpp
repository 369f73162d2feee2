// Which of cuDNN's algorithms an engine takes, and what TF32 may change.

#include <cmath>

#include "engines/cuda/cuda_engine_fixture.h"
#include "library_control.h"
#include "support/synthetic.h"

namespace nib {
namespace {

using cuda_on_host::ConvolutionPass;

class CudaAlgorithms : public CudaEngineTest {
 protected:
  void SetUp() override {
    CudaEngineTest::SetUp();
    cuda_on_host::set_library_control({});
  }
  void TearDown() override {
    cuda_on_host::set_library_control({});
    CudaEngineTest::TearDown();
  }

  Network network = small_network();
  std::shared_ptr<const Dataset> images = images_for(network, 12);
  std::string trained(EngineOptions options = {}) const {
    options.network = network;
    options.batch = 4;
    return trained_hash(*make(options), images, 4, 1);
  }
};

TEST_F(CudaAlgorithms, AreDeterministic) {
  trained();
  EXPECT_EQ(cuda_on_host::nondeterministic_runs(), 0u);
}

TEST_F(CudaAlgorithms, MayBeOthersWhereSpeedIsAskedFor) {
  trained({.network = {}, .cuda = {.fast = true}});
  EXPECT_GT(cuda_on_host::nondeterministic_runs(), 0u) << "they were not even tried";
}

TEST_F(CudaAlgorithms, MakeWayForTheNextWhenTheyAreRefused) {
  const std::string expected = trained();
  cuda_on_host::set_library_control(
      {.refused = {{ConvolutionPass::forward, CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM}}});
  EXPECT_EQ(trained(), expected) << "both sum in the same order here";
}

TEST_F(CudaAlgorithms, AreNamedWhenNoneRuns) {
  cuda_on_host::set_library_control(
      {.refused = {{ConvolutionPass::backward_filter, CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1}}});
  const std::string message = device_error_of([&] { trained(); });
  EXPECT_NE(message.find("conv1"), std::string::npos) << message;
  EXPECT_NE(message.find("no algorithm runs on this GPU"), std::string::npos) << message;
  EXPECT_NE(message.find("algorithm 1: "), std::string::npos) << message;
}

TEST_F(CudaAlgorithms, HaveTheWorkspaceTheyAskFor) {
  const std::string expected = trained();
  cuda_on_host::set_library_control(
      {.workspace_bytes = {{{ConvolutionPass::forward, CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM}, 12345},
                           {{ConvolutionPass::backward_filter, CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1}, 543210}}});
  EXPECT_EQ(trained(), expected);
}

TEST_F(CudaAlgorithms, RoundTheirOperandsInTf32) {
  const auto loss_of = [&](std::optional<Precision> precision) {
    const auto engine = make({.network = network, .precision = precision});
    return engine->evaluate(engine->upload(images), {}, {}).loss_sum;
  };
  const double strict = loss_of(Precision::fp32), rounded = loss_of(Precision::tf32);
  EXPECT_NE(rounded, strict);
  EXPECT_NEAR(rounded, strict, 2e-3 * strict);
}

TEST_F(CudaAlgorithms, RefuseTf32WhereTheGpuHasNone) {
  cuda_on_host::set_compute_capability(7, 5);
  const std::string message = device_error_of([&] { make({.network = network, .precision = Precision::tf32}); });
  EXPECT_NE(message.find("compute capability 8.0"), std::string::npos) << message;
  EXPECT_NE(message.find("got 7.5"), std::string::npos) << message;
}

}  // namespace
}  // namespace nib
