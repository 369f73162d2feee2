// Which of cuDNN's algorithms an engine takes, and what TF32 may change.

#include <gmock/gmock.h>

#include <cmath>
#include <utility>

#include "engines/cuda/cuda_engine_fixture.h"
#include "library_control.h"
#include "support/synthetic.h"

namespace nib {
namespace {

using cuda_on_host::ConvolutionPass;
using cuda_on_host::Refusal;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

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

  /// No own kernel takes the first convolution from cuDNN.
  static std::unique_ptr<Engine> make(EngineOptions options) {
    options.cuda.kernels = Kernels::library;
    return CudaEngineTest::make(std::move(options));
  }

  Network network = small_network();
  Network two_convolutions{.input = {8, 8, 1},
                           .layers = {Convolution{.filters = 4}, Convolution{.filters = 8}, Flatten{},
                                      Dense{.units = 10, .activation = Activation::softmax}}};
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
  const auto engine = make({.network = network, .cuda = {.fast = true}});
  EXPECT_FALSE(engine->repeatable());
  EXPECT_THAT(engine->notes(), IsEmpty()) << "it was asked for";
}

/// Two forward passes (of training and of evaluation) and one gradient; there is none of the image.
TEST_F(CudaAlgorithms, AreAskedForTheirWorkspaceOnce) {
  make({.network = network});
  EXPECT_EQ(cuda_on_host::workspace_queries(), 3u);
}

TEST_F(CudaAlgorithms, AreNotToldWhereTheyAreTheUsualOnes) {
  for (const Precision precision : {Precision::fp32, Precision::tf32}) {
    const auto engine = make({.network = network, .precision = precision});
    EXPECT_THAT(engine->description(),
                EndsWith(precision == Precision::tf32 ? ", TF32, no own kernels" : ", FP32, no own kernels"));
    EXPECT_TRUE(engine->repeatable());
    EXPECT_THAT(engine->notes(), IsEmpty());
  }
}

TEST_F(CudaAlgorithms, MakeWayForTheNextWhenTheyAreRefused) {
  const std::string expected = trained();
  cuda_on_host::set_library_control(
      {.refused = {{ConvolutionPass::forward, CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM}}});
  EXPECT_EQ(trained(), expected) << "both sum in the same order here";
  EXPECT_THAT(make({.network = network})->description(),
              EndsWith("FP32, no own kernels (conv1+relu+pool forward: algorithm 0, FMA math, NCHW weights)"));
}

TEST_F(CudaAlgorithms, MakeWayWhereverTheyAreRefused) {
  const std::string expected = trained();
  for (const Refusal::Call call : {Refusal::Call::query, Refusal::Call::run, Refusal::Call::capture}) {
    cuda_on_host::set_library_control(
        {.refused = {{ConvolutionPass::backward_filter, CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1, std::nullopt, call}}});
    EXPECT_EQ(trained(), expected);
    EXPECT_THAT(make({.network = network})->description(),
                HasSubstr("conv1+relu+pool backward (weights): algorithm 5, FMA math, NCHW weights"));
  }
}

TEST_F(CudaAlgorithms, TryTheMathTypesOfTf32InTurn) {
  const auto engine_without = [&](std::vector<cudnnMathType_t> refused_types) {
    cuda_on_host::LibraryControl control;
    for (const cudnnMathType_t math : refused_types)
      control.refused.push_back({ConvolutionPass::backward_data, CUDNN_CONVOLUTION_BWD_DATA_ALGO_1, math});
    cuda_on_host::set_library_control(control);
    return make({.network = two_convolutions, .precision = Precision::tf32});
  };
  EXPECT_THAT(engine_without({CUDNN_DEFAULT_MATH})->description(),
              EndsWith("TF32, no own kernels (conv2 backward (input): algorithm 1, tensor math)"));
  EXPECT_THAT(engine_without({CUDNN_DEFAULT_MATH, CUDNN_TENSOR_OP_MATH})->description(),
              EndsWith("TF32, no own kernels (conv2 backward (input): algorithm 1, FMA math)"));
}

TEST_F(CudaAlgorithms, MayDifferFromRunToRunWhereNoOthersRun) {
  cuda_on_host::set_library_control(
      {.refused = {{ConvolutionPass::backward_filter, CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1},
                   {ConvolutionPass::backward_data, CUDNN_CONVOLUTION_BWD_DATA_ALGO_1}}});
  const auto engine = make({.network = two_convolutions});
  EXPECT_FALSE(engine->repeatable());
  EXPECT_THAT(engine->notes(),
              ElementsAre("training again may give other bits: cuDNN runs no repeatable algorithm here for "
                          "conv2 backward (weights), conv2 backward (input)"));
}

/// What is reserved is for the way that seemed to run.
TEST_F(CudaAlgorithms, HaveTheWorkspaceTheyAskForAlsoInTheSecondPlace) {
  const std::string expected = trained();
  cuda_on_host::set_library_control(
      {.refused = {{ConvolutionPass::backward_filter, CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1}},
       .workspace_bytes = {
           {{ConvolutionPass::backward_filter, CUDNN_CONVOLUTION_BWD_FILTER_ALGO_WINOGRAD_NONFUSED}, 7654321}}});
  EXPECT_EQ(trained(), expected);
}

TEST_F(CudaAlgorithms, AreNamedWhenNoneRuns) {
  cuda_on_host::set_library_control(
      {.refused = {{ConvolutionPass::backward_filter, CUDNN_CONVOLUTION_BWD_FILTER_ALGO_0},
                   {ConvolutionPass::backward_filter, CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1},
                   {ConvolutionPass::backward_filter, CUDNN_CONVOLUTION_BWD_FILTER_ALGO_WINOGRAD_NONFUSED, std::nullopt,
                    Refusal::Call::query}}});
  EXPECT_THAT(device_error_of([&] { trained(); }),
              AllOf(HasSubstr("conv1+relu+pool backward (weights): no algorithm runs on this GPU"),
                    HasSubstr("algorithm 1, FMA math, NCHW weights: CUDNN_STATUS_NOT_SUPPORTED; algorithm 5"),
                    HasSubstr("algorithm 0, FMA math: CUDNN_STATUS_NOT_SUPPORTED")));
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
