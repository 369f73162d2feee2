// The same bits for any number of threads and any instruction set.

#include <gtest/gtest.h>

#include <utility>

#include "engines/cpu/step.h"
#include "engines/engine_case.h"
#include "engines/mnist.h"
#include "formats/weights.h"
#include "nib/training.h"
#include "support/synthetic.h"

namespace nib {
namespace {

/// Names everything that training changes.
std::string state_hash(const Engine& engine) {
  const TrainingState state = engine.state();
  return weights_sha256(state.parameters) + weights_sha256(state.moments[0].values) +
         weights_sha256(state.moments[1].values);
}

class EngineBits : public EngineNetworkTest {
 protected:
  /// Seven steps of 19 rows and one of 5.
  std::string trained(unsigned threads) const {
    const auto engine =
        make_engine(engine_case(), {.network = network(), .batch = 19, .seed = 4, .cpu = {.threads = threads}});
    engine->set_state(uneven_state(network()));
    const ImageSet set = engine->upload(images(7 * 19 + 5));
    const TrainResult result = engine->train(set, shuffled_order(4, 1, 7 * 19 + 5), std::vector<double>(8, 0.002), {});
    EXPECT_EQ(result.steps, 8u);
    return state_hash(*engine);
  }
};

TEST_P(EngineBits, RepeatWithAnyNumberOfThreads) {
  const std::string expected = trained(1);
  for (const unsigned threads : engine_case().threads) EXPECT_EQ(trained(threads), expected) << threads << " threads";
}

INSTANTIATE_TEST_SUITE_P(Engines, EngineBits, every_engine_and_network(), engine_and_network_name);

class CpuEngineBits : public EngineBits {};

TEST_P(CpuEngineBits, DoNotDependOnInstructions) {
  const std::string expected = trained(1);
  for (const std::string& instructions : engine_case().instructions) {
    const ForcedInstructions forced(instructions);
    if (forced.unavailable(engine_case())) continue;  // named by the skips of EngineGoldenHash
    for (const unsigned threads : {1u, 3u}) {
      EXPECT_EQ(trained(threads), expected) << instructions << ", " << threads << " threads";
    }
  }
}

TEST_P(CpuEngineBits, DoNotDependOnHowImagesAreKept) {
  const auto trained_on = [&](std::shared_ptr<const Dataset> dataset) {
    const auto engine = make_engine(engine_case(), {.network = network(), .batch = 19, .cpu = {.threads = 2}});
    engine->set_state(uneven_state(network()));
    const ImageSet set = engine->upload(std::move(dataset));
    engine->train(set, shuffled_order(4, 1, 50), std::vector<double>(3, 0.002), {});
    std::vector<float> probabilities(set.dataset().size() * class_count(network()));
    engine->evaluate(set, probabilities, {});
    return std::pair(state_hash(*engine), probabilities);
  };
  const std::shared_ptr<const Dataset> plain = images(50);
  Dataset packed = *plain;
  packed.packed = std::make_shared<const PackedImages>(std::move(packed.pixels), plain->pixels.size() / 50, 1);
  packed.pixels = {};
  EXPECT_EQ(trained_on(std::make_shared<const Dataset>(std::move(packed))), trained_on(plain));
}

/// A thread takes batches of so many rows in two portions; 16 threads, each with a slot of them, in one.
TEST_P(CpuEngineBits, DoNotDependOnThePortionsOfLargeBatches) {
  const auto trained_in_large_batches = [&](unsigned threads) {
    const auto engine =
        make_engine(engine_case(), {.network = network(), .batch = 400, .seed = 4, .cpu = {.threads = threads}});
    engine->set_state(uneven_state(network()));
    const ImageSet set = engine->upload(images(690));
    engine->train(set, shuffled_order(4, 1, 690), std::vector<double>(2, 0.002), {});
    return state_hash(*engine);
  };
  ASSERT_EQ(cpu::portion_rows(400, 1), 275U);
  ASSERT_EQ(cpu::portion_rows(400, 16), 400U);
  EXPECT_EQ(trained_in_large_batches(1), trained_in_large_batches(16));
}

INSTANTIATE_TEST_SUITE_P(Engines, CpuEngineBits,
                         testing::Combine(testing::Values(engine_cases().at(0)), testing::ValuesIn(golden::networks())),
                         engine_and_network_name);

/// Weights of the digits network after 50 steps from seed 0: 49 batches of 128 real images and one of 112.
class EngineGoldenHash : public testing::TestWithParam<std::tuple<std::string, unsigned>> {};

constexpr const char* golden_hash = "f6d1a6974e4e9bafd4dd66cc427d3bbdf4894858ca501fbe8a864cfe49cb2ee8";

std::string hash_after_fifty_steps(unsigned threads) {
  const auto engine = make_engine(engine_cases().at(0), {.network = digits_network(), .cpu = {.threads = threads}});
  const ImageSet set = engine->upload(mnist().training);
  std::vector<std::uint32_t> order = shuffled_order(0, 1, 54000);
  order.resize(49 * 128 + 112);
  engine->train(set, order, std::vector<double>(50, 0.001), {});
  return weights_sha256(engine->state().parameters);
}

TEST_P(EngineGoldenHash, HoldsOnTheCpu) {
  const auto& [instructions, threads] = GetParam();
  const ForcedInstructions forced(instructions);
  if (const auto reason = forced.unavailable(engine_cases().at(0))) GTEST_SKIP() << *reason;
  EXPECT_EQ(hash_after_fifty_steps(threads), golden_hash);
}

std::string golden_hash_name(const testing::TestParamInfo<std::tuple<std::string, unsigned>>& info) {
  return std::get<0>(info.param) + "_" + std::to_string(std::get<1>(info.param));
}

INSTANTIATE_TEST_SUITE_P(Instructions, EngineGoldenHash,
                         testing::Combine(testing::ValuesIn(engine_cases().at(0).instructions), testing::Values(2u)),
                         golden_hash_name);

class EngineGoldenHashThreads : public testing::TestWithParam<unsigned> {};

TEST_P(EngineGoldenHashThreads, HoldsOnTheCpu) { EXPECT_EQ(hash_after_fifty_steps(GetParam()), golden_hash); }

INSTANTIATE_TEST_SUITE_P(Threads, EngineGoldenHashThreads, testing::ValuesIn(engine_cases().at(0).threads),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace nib
