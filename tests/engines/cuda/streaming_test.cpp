// Streamed images give the same bits as resident ones, whatever order the device's streams run in.

#include "engines/cuda/cuda_engine_fixture.h"
#include "engines/cuda/step.h"
#include "support/synthetic.h"

namespace nib {
namespace {

class CudaStreaming : public CudaEngineTest {
 protected:
  /// Six chunks of 16 steps of 3 images, and one of 2 steps, the last of which has 2 images: the ring goes round.
  static constexpr std::uint32_t batch = 3, count = 6 * 16 * 3 + 5;
  Network network = small_network();
  std::shared_ptr<const Dataset> images = images_for(network, count);

  std::string trained(bool stream, std::uint64_t seed) const {
    cuda_on_host::set_seed(seed);
    const auto engine = make({.network = network, .batch = batch, .seed = 5, .cuda = {.stream = stream}});
    return trained_hash(*engine, images, batch, 2);
  }
};

TEST_F(CudaStreaming, TrainsToTheSameBits) {
  const std::string resident = trained(false, 1);
  for (const std::uint64_t seed : {1u, 2u}) EXPECT_EQ(trained(true, seed), resident) << "seed " << seed;
}

TEST_F(CudaStreaming, EvaluatesToTheSameBits) {
  // More than two chunks of evaluation steps, and a rest.
  const auto many = images_for(network, 2 * cuda::steps_per_graph * evaluation_batch + 150);
  std::vector<float> resident(many->size() * 10), streamed(many->size() * 10);
  const auto evaluate = [&](bool stream, std::vector<float>& probabilities) {
    const auto engine = make({.network = network, .batch = batch, .seed = 5, .cuda = {.stream = stream}});
    return engine->evaluate(engine->upload(many), probabilities, {});
  };
  const Metrics expected = evaluate(false, resident), actual = evaluate(true, streamed);
  EXPECT_EQ(streamed, resident);
  EXPECT_EQ(actual.loss_sum, expected.loss_sum);
  EXPECT_EQ(actual.confusion, expected.confusion);
  EXPECT_EQ(actual.correct, expected.correct);
  EXPECT_EQ(actual.rows, many->size());
}

TEST_F(CudaStreaming, IsTakenWhereTheSetDoesNotFit) {
  const auto engine = make({.network = network, .batch = batch, .seed = 5});
  // What is free now would not hold the set four times.
  cuda_on_host::set_memory(0);
  const std::string message = device_error_of([&] { engine->upload(images); });
  EXPECT_NE(message.find("streaming the images"), std::string::npos) << message;
}

TEST_F(CudaStreaming, GoesOnBehindAStoppedCall) {
  // A network that costs little, as it takes many steps: the set six times in one call, more than the engine works
  // ahead.
  network = {.input = {4, 4, 1}, .layers = {Flatten{}, Dense{.units = 10, .activation = Activation::softmax}}};
  images = images_for(network, count);
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < 6 * count; ++i) order.push_back(i % count);
  const auto steps_for = [](std::size_t rows) { return (rows + batch - 1) / batch; };
  const auto stopped_and_trained = [&](bool stream) {
    const auto engine = make({.network = network, .batch = batch, .seed = 5, .cuda = {.stream = stream}});
    const ImageSet set = engine->upload(images);
    const TrainResult stopped = engine->train(set, order, std::vector<double>(steps_for(order.size()), 0.002),
                                              [](std::span<const StepResult>) { return Next::stop; });
    EXPECT_TRUE(stopped.stopped);
    EXPECT_LT(stopped.steps, steps_for(order.size()));
    EXPECT_EQ(engine->state().step, stopped.steps);
    // The rest, so that both engines have seen the same steps however far each had worked ahead.
    const auto rest = std::span(order).subspan(stopped.rows);
    engine->train(set, rest, std::vector<double>(steps_for(rest.size()), 0.002), {});
    return state_hash(*engine);
  };
  EXPECT_EQ(stopped_and_trained(true), stopped_and_trained(false));
}

}  // namespace
}  // namespace nib
