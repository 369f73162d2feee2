// Captured steps: what they consist of, and that they do what the same calls do by themselves.

#include <cublas_v2.h>
#include <gmock/gmock.h>

#include "engines/cuda/cuda_engine_fixture.h"
#include "engines/cuda/training_call.h"
#include "support/synthetic.h"

namespace nib {
namespace {

class CudaCapture : public CudaEngineTest {};

TEST_F(CudaCapture, ChangesNoState) {
  const Network network = small_network();
  const auto engine = make({.network = network, .batch = 4, .seed = 2});
  TrainingState state = engine->state();
  float next = 0;
  for (Parameters* numbers : {&state.parameters, &state.moments[0].values, &state.moments[1].values})
    for (Tensor& tensor : numbers->tensors)
      for (float& value : tensor.values) value = (next += 1.0f) * 1e-6f;
  state.step = 77;
  engine->set_state(state);
  const std::string before = state_hash(*engine);
  const ImageSet set = engine->upload(images_for(network, 8));
  // The first call of each kind warms up and captures, and then does nothing.
  engine->train(set, {}, {}, {});
  EXPECT_GT(cuda_on_host::last_graph().kernels, 0u);
  engine->evaluate(set, {}, {});
  EXPECT_EQ(state_hash(*engine), before);
}

/// A kernel boundary costs more than the work of most kernels here: their number is a matter of speed.
TEST_F(CudaCapture, HasFewCallsForADigitsStep) {
  const auto check = [&](Kernels kernels, std::uint64_t step_calls, std::uint64_t library_calls) {
    const auto engine = make({.network = digits_network(), .batch = 8, .cuda = {.kernels = kernels}});
    const ImageSet set = engine->upload(images_for(digits_network(), 8));
    engine->train(set, {}, {}, {});
    const cuda_on_host::Counts graph = cuda_on_host::last_graph();
    const std::uint64_t calls = graph.kernels + graph.copies + graph.memsets + graph.library_calls;
    EXPECT_EQ(calls, step_calls * cuda::steps_per_graph);
    std::uint64_t nodes = 0;
    for (const Count& kind : engine->diagnostics(set, synthetic::file_order(8), 1).nodes) nodes += kind.count;
    EXPECT_EQ(nodes * cuda::steps_per_graph, calls);
    EXPECT_EQ(graph.library_calls, library_calls * cuda::steps_per_graph);
  };
  check(Kernels::own, 14, 6);       // three convolutions and three products
  check(Kernels::library, 22, 11);  // and the last layer's three
}

TEST_F(CudaCapture, NeedsNoWaitInsideAnEpoch) {
  const Network network = small_network();
  const auto engine = make({.network = network, .batch = 4});
  // As many steps as an epoch of MNIST has.
  const std::uint32_t count = 4 * 422;
  const ImageSet set = engine->upload(images_for(network, count));
  engine->train(set, {}, {}, {});
  const std::uint64_t before = cuda_on_host::counts().graph_launches;
  // The first wait for an event ends the call: by then all steps have to be in the stream.
  cuda_on_host::fail_call("cudaEventSynchronize", 1, cudaErrorIllegalAddress);
  device_error_of([&] { engine->train(set, synthetic::file_order(count), std::vector<double>(422, 0.001), {}); });
  EXPECT_EQ(cuda_on_host::counts().graph_launches - before, 26u + 6u);
}

/// The weights' gradients of the second convolution and of both dense layers. Forks and joins are no calls.
TEST_F(CudaCapture, PutsGradientsOfWeightsIntoABranch) {
  const auto engine = make({.network = digits_network(), .batch = 2, .cuda = {.kernels = Kernels::library}});
  const ImageSet set = engine->upload(images_for(digits_network(), 2));
  engine->train(set, {}, {}, {});
  EXPECT_EQ(cuda_on_host::last_graph().branch_nodes, 3u * cuda::steps_per_graph);
  engine->evaluate(set, {}, {});
  EXPECT_EQ(cuda_on_host::last_graph().branch_nodes, 0u);
}

/// In the middle of a capture, with a branch that has not been joined: the capture ends all the same.
TEST_F(CudaCapture, GivesUpInABranch) {
  const Network network = small_network();
  for (const unsigned captured_product : {3u, 4u, 5u}) {
    const auto engine = make({.network = network, .batch = 4, .cuda = {.kernels = Kernels::library}});
    const ImageSet set = engine->upload(images_for(network, 8));
    const unsigned products = 6;  // of a step; the first one is not captured
    cuda_on_host::fail_call("cublasGemmEx", products + captured_product, CUBLAS_STATUS_EXECUTION_FAILED);
    EXPECT_THAT(device_error_of([&] { engine->train(set, {}, {}, {}); }), testing::HasSubstr("cublasGemmEx"));
    EXPECT_EQ(engine->train(set, synthetic::file_order(8), std::vector<double>(2, 0.001), {}).steps, 2u);
  }
}

/// A training step put together by hand, in an arena of its own.
struct Workbench {
  explicit Workbench(const Network& network)
      : context(0, Precision::fp32, false),
        parameters(arena, network, 2),
        control(arena, 1),
        step(network, 5, {context, arena, parameters, control, 9, Kernels::own, true, 0}, Optimizer{}, Augmentation{}),
        workspace(arena, step.workspace_bytes()),
        cublas_workspace(arena, context.cublas_workspace_bytes()) {
    arena.allocate("a test");
    context.set_cublas_workspace(cublas_workspace.get());
    step.prepare(workspace.get());
    parameters.clear(context.stream());
    const TrainingState state = first_state(network, initial_parameters(network, 9));
    parameters.upload(state, context.stream());
  }

  TrainingState state(const Network& network) const {
    TrainingState now = first_state(network, zero_parameters(network));
    parameters.download(now, context.stream());
    return now;
  }

  cuda::Context context;
  cuda::Arena arena;
  cuda::ParameterStore parameters;
  cuda::ArenaArray<kernels::Control> control;
  cuda::TrainingStep step;
  cuda::ArenaArray<std::byte> workspace, cublas_workspace;
};

TEST_F(CudaCapture, DoesWhatTheCallsDoByThemselves) {
  const Network network = branching_network();
  const auto dataset = images_for(network, 5 * 20 + 3);
  const std::vector<std::uint32_t> order = synthetic::file_order(5 * 20 + 3);
  const std::vector<double> rates(21, 0.003);

  const auto uncaptured = [&] {
    const Workbench bench(network);
    const auto images = cuda::make_resident_images(bench.context, *dataset);
    cuda::TrainingBuffers buffers;
    cuda::PhaseTimer timer(bench.context.stream());
    profile_training_call({.context = bench.context, .step = bench.step, .buffers = buffers},
                          {.images = *images, .order = order, .learning_rates = rates, .chunk_steps = 16}, timer);
    EXPECT_GE(timer.phases().size(), 8u);
    return bench.state(network);
  }();
  const auto engine = make({.network = network, .batch = 5, .seed = 9});
  engine->train(engine->upload(dataset), order, rates, {});
  const TrainingState captured = engine->state();
  EXPECT_EQ(captured.parameters, uncaptured.parameters);
  EXPECT_EQ(captured.moments, uncaptured.moments);
}

}  // namespace
}  // namespace nib
