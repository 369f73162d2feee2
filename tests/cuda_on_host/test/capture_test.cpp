#include <cmath>

#include "cuda_on_host/test/runtime_fixture.h"

namespace nib::cuda_on_host {
namespace {

using kernels::launch;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

__global__ void add(float* out, float value) { *out += value; }
__global__ void add_number(float* out, const float* in) { *out += *in; }

class CaptureOnHost : public RuntimeTest {
 protected:
  ~CaptureOnHost() override {
    if (executable_) cudaGraphExecDestroy(executable_);
    if (graph_) cudaGraphDestroy(graph_);
  }
  void begin() { ASSERT_EQ(cudaStreamBeginCapture(stream_, cudaStreamCaptureModeGlobal), cudaSuccess); }
  void end() {
    ASSERT_EQ(cudaStreamEndCapture(stream_, &graph_), cudaSuccess);
    ASSERT_EQ(cudaGraphInstantiate(&executable_, graph_), cudaSuccess);
  }
  void replay() { ASSERT_EQ(cudaGraphLaunch(executable_, stream_), cudaSuccess); }
  void fork() {
    cudaEventRecord(event_, stream_);
    cudaStreamWaitEvent(other_, event_);
  }
  void join() {
    cudaEventRecord(joined_, other_);
    cudaStreamWaitEvent(stream_, joined_);
  }

  /// Makes the call during a capture: it must be refused, and the capture must be spoilt.
  template <typename Call>
  void expect_refused(const Call& call, const std::string& text) {
    begin();
    EXPECT_THAT(call, ThrowsMessage<Misuse>(HasSubstr(text)));
    EXPECT_NE(cudaGetLastError(), cudaSuccess);
    cudaStreamCaptureStatus status{};
    EXPECT_EQ(cudaStreamIsCapturing(stream_, &status), cudaSuccess);
    EXPECT_EQ(status, cudaStreamCaptureStatusInvalidated);
    cudaGraph_t graph = nullptr;
    EXPECT_EQ(cudaStreamEndCapture(stream_, &graph), cudaErrorStreamCaptureInvalidated);
    EXPECT_EQ(graph, nullptr);
  }

  Stream stream_, other_;
  DeviceFloats number_{1};
  PinnedFloats host_{1};
  Event event_, joined_;

 private:
  cudaGraph_t graph_ = nullptr;
  cudaGraphExec_t executable_ = nullptr;

 protected:
  cudaGraph_t graph() const { return graph_; }
};

TEST_F(CaptureOnHost, ReplaysWhatItRecorded) {
  cudaMemsetAsync(number_.data(), 0, 4, stream_);
  float value = 2;
  begin();
  EXPECT_TRUE(capturing(stream_));
  EXPECT_FALSE(capturing(other_));
  launch(add, 1, 1, stream_, number_.data(), value);
  value = 100;  // the argument was taken when it was captured
  launch(add, 1, 1, stream_, number_.data(), 3.0f);
  cudaMemcpyAsync(host_.data(), number_.data(), 4, cudaMemcpyDeviceToHost, stream_);
  end();
  stream_.wait();
  EXPECT_EQ(number_[0], 0) << "capturing runs nothing";
  host_[0] = 1;
  replay();
  EXPECT_TRUE(std::isnan(host_[0]));
  replay();
  stream_.wait();
  EXPECT_EQ(host_[0], 10);
  EXPECT_EQ(last_graph().kernels, 2u);
  EXPECT_EQ(last_graph().copies, 1u);
  EXPECT_EQ(last_graph().memsets, 0u);
  EXPECT_EQ(counts().kernels, 2u) << "replays count as launches of graphs";
  EXPECT_EQ(counts().graph_launches, 2u);
}

TEST_F(CaptureOnHost, ListsItsNodes) {
  begin();
  launch(add, 1, 1, stream_, number_.data(), 1.0f);
  cudaMemsetAsync(number_.data(), 0, 4, stream_);
  cudaMemcpyAsync(host_.data(), number_.data(), 4, cudaMemcpyDeviceToHost, stream_);
  enqueue(stream_, WorkKind::library, "a product", [] {});
  end();
  std::size_t count = 0;
  ASSERT_EQ(cudaGraphGetNodes(graph(), nullptr, &count), cudaSuccess);
  std::vector<cudaGraphNode_t> nodes(count);
  cudaGraphGetNodes(graph(), nodes.data(), &count);
  std::vector<cudaGraphNodeType> types(count);
  for (std::size_t i = 0; i < count; ++i) cudaGraphNodeGetType(nodes[i], &types[i]);
  EXPECT_THAT(types, ElementsAre(cudaGraphNodeTypeKernel, cudaGraphNodeTypeMemset, cudaGraphNodeTypeMemcpy,
                                 cudaGraphNodeTypeKernel));
}

TEST_F(CaptureOnHost, AnotherStreamTakesPartThroughEvents) {
  const DeviceFloats sum(1);
  const auto run = [&](bool fork_again) {
    begin();
    cudaMemsetAsync(number_.data(), 0, 4, stream_);
    cudaMemsetAsync(sum.data(), 0, 4, stream_);
    if (!fork_again) cudaEventRecord(event_, stream_);
    launch(add, 1, 1, stream_, number_.data(), 5.0f);
    if (fork_again) cudaEventRecord(event_, stream_);
    cudaStreamWaitEvent(other_, event_);
    launch(add_number, 1, 1, other_, sum.data(), number_.data());
    join();
    cudaGraph_t graph = nullptr;
    cudaGraphExec_t executable = nullptr;
    EXPECT_EQ(cudaStreamEndCapture(stream_, &graph), cudaSuccess);
    EXPECT_EQ(cudaGraphInstantiate(&executable, graph), cudaSuccess);
    cudaGraphDestroy(graph);
    cudaGraphLaunch(executable, stream_);
    cudaGraphExecDestroy(executable);
    return sum.values()[0] == 5;
  };
  EXPECT_EQ(seeds_that_agree([&] { return run(true); }), 40);
  EXPECT_LT(seeds_that_agree([&] { return run(false); }), 35) << "the kernel and its reader are not ordered";
}

TEST_F(CaptureOnHost, RefusesAStreamThatDoesNotComeBack) {
  begin();
  fork();
  launch(add, 1, 1, other_, number_.data(), 1.0f);
  cudaGraph_t graph = nullptr;
  EXPECT_THAT([&] { cudaStreamEndCapture(stream_, &graph); },
              ThrowsMessage<Misuse>(HasSubstr("cudaErrorStreamCaptureUnjoined")));
  EXPECT_FALSE(capturing(other_));
}

TEST_F(CaptureOnHost, ABranchMayForkAgainAndHoldNothing) {
  const DeviceFloats sum(1);
  cudaMemsetAsync(sum.data(), 0, 4, stream_);
  cudaMemsetAsync(number_.data(), 0, 4, stream_);
  begin();
  for (const float value : {1.0f, 2.0f}) {
    launch(add, 1, 1, stream_, number_.data(), value);
    fork();
    launch(add_number, 1, 1, other_, sum.data(), number_.data());
    join();
    fork();
    join();
  }
  end();
  replay();
  replay();
  EXPECT_EQ(sum.values()[0], 1 + 3 + 4 + 6);
  EXPECT_EQ(last_graph().kernels, 4u) << "forks and joins are no nodes";
  EXPECT_EQ(last_graph().branch_nodes, 2u);
}

TEST_F(CaptureOnHost, EndsWhereItBegan) {
  begin();
  fork();
  cudaGraph_t graph = nullptr;
  EXPECT_THAT([&] { cudaStreamEndCapture(other_, &graph); },
              ThrowsMessage<Misuse>(HasSubstr("cudaErrorStreamCaptureUnmatched")));
  EXPECT_EQ(cudaStreamEndCapture(stream_, &graph), cudaErrorStreamCaptureInvalidated);
}

TEST_F(CaptureOnHost, TwoCapturesDoNotBecomeOne) {
  ASSERT_EQ(cudaStreamBeginCapture(stream_, cudaStreamCaptureModeThreadLocal), cudaSuccess);
  ASSERT_EQ(cudaStreamBeginCapture(other_, cudaStreamCaptureModeThreadLocal), cudaSuccess);
  EXPECT_THAT([&] { fork(); }, ThrowsMessage<Misuse>(HasSubstr("cudaErrorStreamCaptureMerge")));
  cudaGraph_t graph = nullptr;
  EXPECT_EQ(cudaStreamEndCapture(other_, &graph), cudaErrorStreamCaptureInvalidated);
  ASSERT_EQ(cudaStreamEndCapture(stream_, &graph), cudaSuccess);
  cudaGraphDestroy(graph);
}

TEST_F(CaptureOnHost, BranchesShareNoScratchMemory) {
  const DeviceFloats scratch(8);
  const auto use = [&](cudaStream_t stream, std::size_t begin, std::size_t count) {
    const Range range{reinterpret_cast<const std::byte*>(scratch.data() + begin), count * sizeof(float)};
    enqueue(
        stream, WorkKind::library, "a product", [] {}, range);
  };
  cudaGraph_t graph = nullptr;
  begin();
  use(stream_, 0, 8);
  fork();
  use(other_, 0, 4);
  use(stream_, 4, 4);
  fork();
  use(other_, 2, 4);
  use(stream_, 0, 0);
  join();
  use(stream_, 0, 8);
  EXPECT_EQ(cudaStreamEndCapture(stream_, &graph), cudaSuccess) << "what overlaps has an order";
  cudaGraphDestroy(graph);

  begin();
  fork();
  use(other_, 0, 4);
  EXPECT_THAT(
      [&] { use(stream_, 3, 4); },
      ThrowsMessage<Misuse>(HasSubstr("a product shares its workspace with a product, which the graph may run")));
  EXPECT_EQ(cudaStreamEndCapture(stream_, &graph), cudaErrorStreamCaptureInvalidated);
}

TEST_F(CaptureOnHost, RefusesWhatMayNotBeCaptured) {
  void* memory = nullptr;
  float pageable = 0;
  expect_refused([&] { cudaMalloc(&memory, 4); }, "cudaMalloc during a capture, cudaErrorStreamCaptureUnsupported");
  expect_refused([&] { cudaMallocHost(&memory, 4); }, "cudaMallocHost during a capture");
  expect_refused([&] { cudaFree(number_.data()); }, "cudaFree during a capture");
  expect_refused([&] { cudaStreamSynchronize(stream_); }, "cudaStreamSynchronize during a capture");
  expect_refused([&] { cudaStreamQuery(other_); }, "cudaStreamQuery during a capture");
  expect_refused([&] { cudaDeviceSynchronize(); }, "cudaDeviceSynchronize during a capture");
  expect_refused([&] { cudaEventQuery(event_); }, "cudaEventQuery during a capture");
  expect_refused([&] { cudaEventSynchronize(event_); }, "cudaEventSynchronize during a capture");
  expect_refused([&] { cudaMemcpy(host_.data(), number_.data(), 4, cudaMemcpyDeviceToHost); },
                 "cudaMemcpy during a capture, cudaErrorStreamCaptureImplicit");
  expect_refused([&] { cudaMemcpyAsync(&pageable, number_.data(), 4, cudaMemcpyDeviceToHost, stream_); },
                 "a copy from or to pageable memory during a capture");
  expect_refused([&] { launch(add, 1, 1, other_, number_.data(), 1.0f); },
                 "a stream that takes no part in the capture");
  expect_refused([&] { cudaStreamWaitEvent(stream_, event_); }, "an event from outside the capture");
}

TEST_F(CaptureOnHost, CapturedEventsAreNoMoments) {
  begin();
  cudaEventRecord(event_, stream_);
  end();
  EXPECT_THAT([&] { cudaEventSynchronize(event_); }, ThrowsMessage<Misuse>(HasSubstr("cudaErrorCapturedEvent")));
  EXPECT_THAT([&] { cudaStreamWaitEvent(other_, event_); }, ThrowsMessage<Misuse>(HasSubstr("that has ended")));
  cudaEventRecord(event_, stream_);
  EXPECT_EQ(cudaEventSynchronize(event_), cudaSuccess) << "recorded anew";
}

TEST_F(CaptureOnHost, AGraphKeepsItsOrderWithTheStream) {
  begin();
  launch(add, 1, 1, stream_, number_.data(), 1.0f);
  end();
  cudaMemsetAsync(number_.data(), 0, 4, stream_);
  for (int i = 0; i < 3; ++i) replay();
  cudaEventRecord(event_, stream_);
  cudaMemsetAsync(number_.data(), 0, 4, stream_);
  cudaEventSynchronize(event_);
  EXPECT_EQ(number_[0], 3);
  stream_.wait();
  EXPECT_EQ(number_[0], 0);
}

}  // namespace
}  // namespace nib::cuda_on_host
