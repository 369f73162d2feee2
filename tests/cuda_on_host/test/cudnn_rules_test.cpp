#include "cuda_on_host/test/convolution_fixture.h"

namespace nib::cuda_on_host {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

TEST_F(ConvolutionTest, RefusesDescriptorsWithoutMeaning) {
  Convolution layer({});
  const auto tensor = [&](cudnnTensorFormat_t format, int images, int channels) {
    return cudnnSetTensor4dDescriptor(layer.x, format, CUDNN_DATA_FLOAT, images, channels, 2, 2);
  };
  EXPECT_EQ(tensor(CUDNN_TENSOR_NHWC, 0, 1), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(tensor(CUDNN_TENSOR_NHWC, 1, -1), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(tensor(CUDNN_TENSOR_NCHW_VECT_C, 1, 1), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(tensor(CUDNN_TENSOR_NHWC, 1 << 15, 1 << 15), CUDNN_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(cudnnSetTensor4dDescriptor(nullptr, CUDNN_TENSOR_NHWC, CUDNN_DATA_FLOAT, 1, 1, 1, 1),
            CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(cudnnSetFilter4dDescriptor(layer.w, CUDNN_DATA_FLOAT, CUDNN_TENSOR_NHWC, 1, 1, 0, 1),
            CUDNN_STATUS_BAD_PARAM);

  const auto convolution = [&](int pad, int stride, int dilation) {
    return cudnnSetConvolution2dDescriptor(layer.convolution, pad, 0, stride, 1, dilation, 1, CUDNN_CROSS_CORRELATION,
                                           CUDNN_DATA_FLOAT);
  };
  EXPECT_EQ(convolution(-1, 1, 1), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(convolution(0, 0, 1), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(convolution(0, 1, 0), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(cudnnSetConvolutionMathType(nullptr, CUDNN_FMA_MATH), CUDNN_STATUS_BAD_PARAM);
}

TEST_F(ConvolutionTest, GivesTheOutputDimensions) {
  const ConvolutionCase shape{.pad_height = 1, .stride_height = 2};
  Convolution layer(shape);
  int n = 0, c = 0, h = 0, w = 0;
  ASSERT_EQ(cudnnGetConvolution2dForwardOutputDim(layer.convolution, layer.x, layer.w, &n, &c, &h, &w),
            CUDNN_STATUS_SUCCESS);
  EXPECT_THAT((std::vector{n, c, h, w}), testing::ElementsAre(2, 5, shape.out_height(), shape.out_width()));

  // A filter that is larger than the input, and one for other channels.
  cudnnSetFilter4dDescriptor(layer.w, CUDNN_DATA_FLOAT, CUDNN_TENSOR_NHWC, 5, 3, 3, 7);
  EXPECT_EQ(cudnnGetConvolution2dForwardOutputDim(layer.convolution, layer.x, layer.w, &n, &c, &h, &w),
            CUDNN_STATUS_BAD_PARAM);
  cudnnSetFilter4dDescriptor(layer.w, CUDNN_DATA_FLOAT, CUDNN_TENSOR_NHWC, 5, 4, 3, 2);
  EXPECT_EQ(cudnnGetConvolution2dForwardOutputDim(layer.convolution, layer.x, layer.w, &n, &c, &h, &w),
            CUDNN_STATUS_BAD_PARAM);
}

TEST_F(ConvolutionTest, RefusesTensorsThatDoNotFit) {
  Convolution layer({});
  cudnnSetStream(layer.handle, stream_);
  layer.ask(precomputed);
  const auto output = [&](cudnnDataType_t type, int images, int filters, int width) {
    EXPECT_EQ(cudnnSetTensor4dDescriptor(layer.y, CUDNN_TENSOR_NHWC, type, images, filters, 5, width),
              CUDNN_STATUS_SUCCESS);
    return layer.run(precomputed);
  };
  EXPECT_EQ(output(CUDNN_DATA_FLOAT, 2, 5, 6), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(output(CUDNN_DATA_FLOAT, 2, 4, 5), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(output(CUDNN_DATA_FLOAT, 1, 5, 5), CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(output(CUDNN_DATA_HALF, 2, 5, 5), CUDNN_STATUS_BAD_PARAM) << "two types in one call";
  EXPECT_EQ(output(CUDNN_DATA_FLOAT, 2, 5, 5), CUDNN_STATUS_SUCCESS);
  synchronize();

  std::size_t bytes = 0;
  cudnnTensorDescriptor_t unset = nullptr;
  cudnnCreateTensorDescriptor(&unset);
  EXPECT_EQ(cudnnGetConvolutionForwardWorkspaceSize(layer.handle, layer.x, layer.w, layer.convolution, unset,
                                                    precomputed, &bytes),
            CUDNN_STATUS_BAD_PARAM);
  cudnnDestroyTensorDescriptor(unset);
  EXPECT_EQ(cudnnGetConvolutionForwardWorkspaceSize(layer.handle, layer.x, layer.w, layer.convolution, layer.y,
                                                    CUDNN_CONVOLUTION_FWD_ALGO_COUNT, &bytes),
            CUDNN_STATUS_BAD_PARAM);
  EXPECT_EQ(cudnnConvolutionForward(layer.handle, nullptr, layer.x, layer.x_data.get(), layer.w, layer.w_data.get(),
                                    layer.convolution, precomputed, layer.workspace.get(), layer.workspace.bytes(),
                                    nullptr, layer.y, layer.y_data.get()),
            CUDNN_STATUS_BAD_PARAM);
}

TEST_F(ConvolutionTest, AnAlgorithmMayHaveAWorkspaceAndStillNotRun) {
  Convolution layer({});
  cudnnSetStream(layer.handle, stream_);
  for (const auto algorithm : {CUDNN_CONVOLUTION_FWD_ALGO_GEMM, CUDNN_CONVOLUTION_FWD_ALGO_WINOGRAD_NONFUSED}) {
    layer.ask(algorithm);
    EXPECT_EQ(layer.run(algorithm), CUDNN_STATUS_NOT_SUPPORTED);
  }
  layer.ask(CUDNN_CONVOLUTION_BWD_FILTER_ALGO_3);
  EXPECT_EQ(layer.run(CUDNN_CONVOLUTION_BWD_FILTER_ALGO_3), CUDNN_STATUS_NOT_SUPPORTED);

  set_library_control({.refused = {{ConvolutionPass::backward_data, data_1}}});
  layer.ask(data_1);
  EXPECT_EQ(layer.run(data_1), CUDNN_STATUS_NOT_SUPPORTED);
  layer.ask(filter_1);
  EXPECT_EQ(layer.run(filter_1), CUDNN_STATUS_SUCCESS);
  synchronize();
}

TEST_F(ConvolutionTest, AnAlgorithmCanBeRefusedWhereverItIsCalled) {
  Convolution layer({});
  cudnnSetStream(layer.handle, stream_);
  const auto refuse = [](Refusal::Call call, std::optional<cudnnMathType_t> math) {
    set_library_control({.refused = {{ConvolutionPass::forward, precomputed, math, call}}});
  };
  const auto query = [&] {
    std::size_t bytes = 0;
    return cudnnGetConvolutionForwardWorkspaceSize(layer.handle, layer.x, layer.w, layer.convolution, layer.y,
                                                   precomputed, &bytes);
  };
  refuse(Refusal::Call::query, CUDNN_DEFAULT_MATH);
  EXPECT_EQ(query(), CUDNN_STATUS_SUCCESS) << "another math type";
  refuse(Refusal::Call::query, CUDNN_FMA_MATH);
  EXPECT_EQ(query(), CUDNN_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(workspace_queries(), 1u);

  refuse(Refusal::Call::capture, std::nullopt);
  EXPECT_EQ(query(), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(layer.run(precomputed), CUDNN_STATUS_SUCCESS);
  capture([&] { EXPECT_EQ(layer.run(precomputed), CUDNN_STATUS_NOT_SUPPORTED); });
  refuse(Refusal::Call::run, std::nullopt);
  EXPECT_EQ(layer.run(precomputed), CUDNN_STATUS_NOT_SUPPORTED);
}

/// As cuDNN's tables have it for floats with the channels last.
TEST_F(ConvolutionTest, WhichAlgorithmsThereAreDependsOnTheFiltersLayout) {
  Convolution layer({.filter_width = 3});
  cudnnSetStream(layer.handle, stream_);
  const auto runs = [&](auto algorithm) {
    layer.ask(algorithm);
    return layer.run(algorithm) == CUDNN_STATUS_SUCCESS;
  };
  const auto winograd = CUDNN_CONVOLUTION_BWD_FILTER_ALGO_WINOGRAD_NONFUSED;
  const auto filter_0 = CUDNN_CONVOLUTION_BWD_FILTER_ALGO_0;
  const auto simple = CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM;
  EXPECT_TRUE(runs(precomputed) && runs(data_1) && runs(filter_1) && runs(filter_0));
  EXPECT_FALSE(runs(simple) || runs(winograd));
  cudnnSetFilter4dDescriptor(layer.w, CUDNN_DATA_FLOAT, CUDNN_TENSOR_NCHW, 5, 3, 3, 3);
  EXPECT_TRUE(runs(precomputed) && runs(simple) && runs(filter_1) && runs(filter_0) && runs(winograd));
  EXPECT_FALSE(runs(data_1));
  cudnnSetConvolution2dDescriptor(layer.convolution, 2, 2, 2, 2, 1, 1, CUDNN_CROSS_CORRELATION, CUDNN_DATA_FLOAT);
  EXPECT_TRUE(runs(filter_1));
  EXPECT_FALSE(runs(winograd)) << "in steps of two";
  synchronize();
}

TEST_F(ConvolutionTest, TensorMathNeedsChannelsByFour) {
  const auto runs = [&](int channels, int filters, cudnnMathType_t math) {
    Convolution layer({.channels = channels, .filters = filters}, math);
    cudnnSetStream(layer.handle, stream_);
    layer.ask(precomputed);
    const bool success = layer.run(precomputed) == CUDNN_STATUS_SUCCESS;
    EXPECT_EQ(cudaStreamSynchronize(stream_), cudaSuccess);
    return success;
  };
  EXPECT_TRUE(runs(4, 8, CUDNN_TENSOR_OP_MATH));
  EXPECT_FALSE(runs(3, 8, CUDNN_TENSOR_OP_MATH));
  EXPECT_FALSE(runs(4, 6, CUDNN_TENSOR_OP_MATH));
  EXPECT_TRUE(runs(3, 6, CUDNN_DEFAULT_MATH));
}

TEST_F(ConvolutionTest, TheWorkspaceHasToBeAskedForAndLargeEnough) {
  Convolution layer({});
  cudnnSetStream(layer.handle, stream_);
  EXPECT_THAT([&] { layer.run(precomputed); }, ThrowsMessage<Misuse>(HasSubstr("never asked for")));

  const std::size_t whole = layer.workspace.bytes();
  set_library_control({.workspace_bytes = {{{ConvolutionPass::forward, precomputed}, whole + 1}}});
  EXPECT_EQ(layer.ask(precomputed), whole + 1);
  EXPECT_THAT([&] { layer.run(precomputed); }, ThrowsMessage<Misuse>(HasSubstr("65536 bytes, but 65537 are needed")));
  set_library_control({.workspace_bytes = {{{ConvolutionPass::forward, precomputed}, whole}}});
  EXPECT_EQ(layer.ask(precomputed), whole);
  ASSERT_EQ(cudaMemsetAsync(layer.workspace.get(), 0, whole, stream_), cudaSuccess);
  EXPECT_EQ(layer.run(precomputed), CUDNN_STATUS_SUCCESS);

  // Other shapes have to be asked for anew.
  cudnnSetTensor4dDescriptor(layer.x, CUDNN_TENSOR_NHWC, CUDNN_DATA_FLOAT, 1, 3, 7, 6);
  cudnnSetTensor4dDescriptor(layer.y, CUDNN_TENSOR_NHWC, CUDNN_DATA_FLOAT, 1, 5, 5, 5);
  EXPECT_THAT([&] { layer.run(precomputed); }, ThrowsMessage<Misuse>(HasSubstr("never asked for")));
  synchronize();
  // Whatever lies in a workspace gets lost.
  for (const float value : layer.workspace.values()) ASSERT_NE(value, value);
}

TEST_F(ConvolutionTest, BuffersHaveToLieInOneAllocationAndApart) {
  Convolution layer({});
  cudnnSetStream(layer.handle, stream_);
  layer.ask(precomputed);
  const float one = 1, zero = 0;
  const auto run = [&](const float* x, float* y, void* workspace) {
    cudnnConvolutionForward(layer.handle, &one, layer.x, x, layer.w, layer.w_data.get(), layer.convolution, precomputed,
                            workspace, layer.workspace.bytes(), &zero, layer.y, y);
  };
  float* const x = layer.x_data.get();
  float* const y = layer.y_data.get();
  float* const workspace = layer.workspace.get();
  EXPECT_THROW(run(x + 1, y, workspace), Misuse);
  EXPECT_THROW(run(x, y + 1, workspace), Misuse);
  EXPECT_THROW(run(layer.x_values.data(), y, workspace), Misuse);
  EXPECT_THROW(run(x, y, nullptr), Misuse);
  EXPECT_THAT([&] { run(workspace, y, workspace); }, ThrowsMessage<Misuse>(HasSubstr("workspace overlaps x")));
  EXPECT_THAT([&] { run(workspace, workspace, x); }, ThrowsMessage<Misuse>(HasSubstr("y overlaps x")));
}

TEST_F(ConvolutionTest, FailsLoudlyWhereAGpuWouldNot) {
  Convolution layer({});
  layer.ask(precomputed);
  EXPECT_THAT([&] { layer.run(precomputed); }, ThrowsMessage<Misuse>(HasSubstr("stream was never set")));
  cudnnSetStream(layer.handle, stream_);

  cudnnSetConvolutionMathType(layer.convolution, CUDNN_TENSOR_OP_MATH_ALLOW_CONVERSION);
  EXPECT_THAT([&] { layer.run(precomputed); }, ThrowsMessage<Misuse>(HasSubstr("halves")));
}

TEST_F(ConvolutionTest, MemoryThatIsGoneWhenTheCallRunsIsFound) {
  Convolution layer({});
  cudnnSetStream(layer.handle, stream_);
  layer.ask(precomputed);
  ASSERT_EQ(layer.run(precomputed), CUDNN_STATUS_SUCCESS);
  synchronize();
  cudaGraphExec_t executable = nullptr;
  {
    const DeviceFloats gone(layer.shape.y_count());
    const float one = 1, zero = 0;
    cudaGraph_t graph = nullptr;
    ASSERT_EQ(cudaStreamBeginCapture(stream_, cudaStreamCaptureModeThreadLocal), cudaSuccess);
    EXPECT_EQ(cudnnConvolutionForward(layer.handle, &one, layer.x, layer.x_data.get(), layer.w, layer.w_data.get(),
                                      layer.convolution, precomputed, layer.workspace.get(), layer.workspace.bytes(),
                                      &zero, layer.y, gone.get()),
              CUDNN_STATUS_SUCCESS);
    ASSERT_EQ(cudaStreamEndCapture(stream_, &graph), cudaSuccess);
    ASSERT_EQ(cudaGraphInstantiate(&executable, graph), cudaSuccess);
    ASSERT_EQ(cudaGraphDestroy(graph), cudaSuccess);
  }
  ASSERT_EQ(cudaGraphLaunch(executable, stream_), cudaSuccess);
  EXPECT_THROW(cudaStreamSynchronize(stream_), Misuse);
  static_cast<void>(cudaGraphExecDestroy(executable));
}

TEST_F(ConvolutionTest, ACaptureTakesOnlyCallsThatHaveRunBefore) {
  Convolution layer({});
  cudnnSetStream(layer.handle, stream_);
  layer.ask(precomputed);
  layer.ask(data_1);
  ASSERT_EQ(layer.run(precomputed), CUDNN_STATUS_SUCCESS);
  synchronize();
  const auto run_captured = [&](auto algorithm) { capture([&] { layer.run(algorithm); }, 1); };
  EXPECT_NO_THROW(run_captured(precomputed));
  EXPECT_THAT([&] { run_captured(data_1); }, ThrowsMessage<Misuse>(HasSubstr("never before outside one")));
}

TEST_F(ConvolutionTest, ACaptureTakesNoNewHandlesAndStreams) {
  Convolution layer({});
  cudnnHandle_t handle = nullptr;
  EXPECT_THAT([&] { capture([&] { cudnnCreate(&handle); }); }, ThrowsMessage<Misuse>(HasSubstr("cudnnCreate")));
  EXPECT_THAT([&] { capture([&] { cudnnSetStream(layer.handle, stream_); }); },
              ThrowsMessage<Misuse>(HasSubstr("cudnnSetStream")));
}

TEST_F(ConvolutionTest, BranchesOfACaptureHaveAHandleAndAWorkspaceEach) {
  const Branch branch(stream_);
  Convolution layer({}), beside({});
  cudnnSetStream(layer.handle, stream_);
  cudnnSetStream(beside.handle, branch.stream());
  EXPECT_THAT([&] { cudnnSetStream(layer.handle, branch.stream()); },
              ThrowsMessage<Misuse>(HasSubstr("cudnnSetStream: the handle belongs to another stream")));
  layer.ask(filter_1);
  beside.ask(data_1);
  const auto run_beside = [&](const DeviceFloats& workspace) {
    const float one = 1, zero = 0;
    EXPECT_EQ(cudnnConvolutionBackwardData(beside.handle, &one, beside.w, beside.w_data.get(), beside.y,
                                           beside.y_data.get(), beside.convolution, data_1, workspace.get(),
                                           workspace.bytes(), &zero, beside.x, beside.x_data.get()),
              CUDNN_STATUS_SUCCESS);
  };
  const auto captured = [&](const DeviceFloats& workspace) {
    capture(
        [&] {
          branch.fork();
          EXPECT_EQ(layer.run(filter_1), CUDNN_STATUS_SUCCESS);
          run_beside(workspace);
          branch.join();
        },
        1);
  };
  EXPECT_EQ(layer.run(filter_1), CUDNN_STATUS_SUCCESS);
  run_beside(beside.workspace);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  EXPECT_THAT([&] { captured(layer.workspace); },
              ThrowsMessage<Misuse>(HasSubstr("cudnnConvolutionBackwardData shares its workspace with "
                                              "cudnnConvolutionBackwardFilter, which the graph may run")));
  EXPECT_NO_THROW(captured(beside.workspace));
}

TEST_F(ConvolutionTest, AnyCallCanBeMadeToFail) {
  Convolution layer({});
  cudnnSetStream(layer.handle, stream_);
  layer.ask(precomputed);
  fail_call("cudnnConvolutionForward", 2, CUDNN_STATUS_INTERNAL_ERROR);
  EXPECT_EQ(layer.run(precomputed), CUDNN_STATUS_SUCCESS);
  EXPECT_EQ(layer.run(precomputed), CUDNN_STATUS_INTERNAL_ERROR);
  EXPECT_EQ(layer.run(precomputed), CUDNN_STATUS_SUCCESS);
  synchronize();
  fail_call("cudnnSetTensor4dDescriptor", 1, CUDNN_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(cudnnSetTensor4dDescriptor(layer.x, CUDNN_TENSOR_NHWC, CUDNN_DATA_FLOAT, 1, 1, 1, 1),
            CUDNN_STATUS_NOT_SUPPORTED);
  fail_call("cudaStreamQuery", 1, cudaErrorIllegalAddress, true);
  EXPECT_EQ(cudaStreamQuery(stream_), cudaErrorIllegalAddress);
  EXPECT_EQ(layer.run(precomputed), CUDNN_STATUS_EXECUTION_FAILED);
}

TEST_F(ConvolutionTest, TheVersionIsTheTests) {
  EXPECT_EQ(cudnnGetVersion(), std::size_t{CUDNN_VERSION});
  set_library_control({.cudnn_version = 80907});
  EXPECT_EQ(cudnnGetVersion(), 80907u);
}

}  // namespace
}  // namespace nib::cuda_on_host
