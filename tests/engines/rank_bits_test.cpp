// Any number of ranks makes the bits of one process.

#include <gtest/gtest.h>

#include <utility>

#include "engines/engine_case.h"
#include "engines/rank_work.h"
#include "support/recorded_optimizers.h"
#include "support/synthetic.h"

namespace nib {
namespace {

class RankBits : public testing::TestWithParam<golden::NamedNetwork> {
 protected:
  const Network& network() const { return GetParam().network; }
};

/// Two steps and a shorter one: 16 slots of 8 rows, 15 of 7 and one of 2, 13 of 3 and one of 1, 13 of 1, 5 of 1; so
/// slots are left over, and ranks have none.
TEST_P(RankBits, AreThoseOfOneProcess) {
  const bool large = GetParam().name == "digits";
  for (const std::uint32_t batch : {128U, 100U, 37U, 13U, 5U}) {
    const RankWork work = RankWork::on(network(), batch, 2 * batch + batch / 2);
    if (large && (batch == 100 || batch == 13)) continue;  // the slow form below has the time
    if (large)
      work.expect_same_on_ranks({2, 5});
    else
      work.expect_same_on_ranks({1, 2, 3, 4, 5, 8, 17});
  }
}

/// All but the largest network, which has tests of its own.
class SmallRankBits : public RankBits {};

TEST_P(SmallRankBits, DoNotDependOnInstructionsAndThreads) {
  RankWork work = RankWork::on(network(), 19, 2 * 19 + 5);
  const RankOutcome expected = work.alone();
  for (const char* const instructions : {"scalar", "avx2", "avx512"}) {
    const ForcedInstructions forced(instructions);
    if (forced.unavailable(engine_cases().at(0))) continue;  // named by the skips of EngineGoldenHash
    for (const unsigned threads : {1U, 3U}) {
      SCOPED_TRACE(std::string(instructions) + ", " + std::to_string(threads) + " threads");
      work.options.cpu.threads = threads;
      ThreadRanks ranks(3);
      for (const RankOutcome& outcome : work.on_ranks(ranks, 3)) expect_same(outcome, expected);
    }
  }
}

TEST_P(SmallRankBits, DoNotDependOnWhoComesLate) {
  const RankWork work = RankWork::on(network(), 21, 2 * 21 + 5);
  const RankOutcome expected = work.alone();
  ThreadRanks ranks(3, true);
  for (const RankOutcome& outcome : work.on_ranks(ranks, 3)) expect_same(outcome, expected);
}

std::string network_name(const testing::TestParamInfo<golden::NamedNetwork>& info) { return info.param.name; }

std::vector<golden::NamedNetwork> small_networks() {
  std::vector<golden::NamedNetwork> networks = golden::networks();
  std::erase_if(networks, [](const golden::NamedNetwork& network) { return network.name == "digits"; });
  return networks;
}

INSTANTIATE_TEST_SUITE_P(Networks, RankBits, testing::ValuesIn(golden::networks()), network_name);
INSTANTIATE_TEST_SUITE_P(Networks, SmallRankBits, testing::ValuesIn(small_networks()), network_name);

/// What the quick form above leaves out of the network that takes longest.
TEST(RankBitsOfDigits, AreThoseOfOneProcessSlow) {
  for (const std::uint32_t batch : {128U, 100U, 37U, 13U, 5U})
    RankWork::on(digits_network(), batch, batch + batch / 2).expect_same_on_ranks({1, 2, 3, 4, 5, 8});
}

TEST(RankBitsOfDigits, DoNotDependOnInstructionsSlow) {
  const RankWork work = RankWork::on(digits_network(), 128, 128);
  const RankOutcome expected = work.alone();
  for (const char* const instructions : {"scalar", "avx2", "avx512"}) {
    const ForcedInstructions forced(instructions);
    if (forced.unavailable(engine_cases().at(0))) continue;
    for (const unsigned size : {2U, 5U}) {
      ThreadRanks ranks(size);
      for (const RankOutcome& outcome : work.on_ranks(ranks, size)) expect_same(outcome, expected);
    }
  }
}

/// A rank's rows go through the network in portions, here 275 of 550.
TEST(RankBitsOfLargeBatches, AreThoseOfOneProcess) {
  RankWork::on(golden::networks().at(5).network, 1100, 1100 + 77).expect_same_on_ranks({2, 3});
}

/// Each of Keras's optimizers, and beside them L2 penalty, weight decay, clipped gradients and averages; most of the
/// weights on ranks that share out their update.
class RankOptimizer : public testing::TestWithParam<std::size_t> {};

TEST_P(RankOptimizer, MakesTheBitsOfOneProcess) {
  const Optimizer& optimizer = golden::recorded_optimizers().cases.at(GetParam()).optimizer;
  RankWork work = RankWork::on(wide_network(), 128, 128 + 50);
  work.options.optimizer = optimizer;
  work.state = first_state(wide_network(), work.state.parameters, optimizer);
  work.expect_same_on_ranks({2, 3});
}

std::string optimizer_name(const testing::TestParamInfo<std::size_t>& info) {
  return golden::recorded_optimizers().cases.at(info.param).name;
}

INSTANTIATE_TEST_SUITE_P(Optimizers, RankOptimizer,
                         testing::Range(std::size_t{0}, golden::recorded_optimizers().cases.size()), optimizer_name);

TEST(RankBitsOfEverythingElse, AreThoseOfOneProcess) {
  RankWork work = RankWork::on(wide_network(), 128, 2 * 128 + 9);
  work.options.augmentation = {.shift = 2, .rotate = 10, .scale = 0.1};
  work.options.label_smoothing = 0.1;
  work.options.optimizer = {.rule = AmsGrad{}, .l2 = 0.01, .weight_decay = 0.1, .clip_norm = 0.05, .average = 0.9};
  work.state = first_state(work.options.network, work.state.parameters, work.options.optimizer);
  work.expect_same_on_ranks({2, 5});
}

TEST(RankBitsOfPackedImages, AreThoseOfOneProcess) {
  RankWork work = RankWork::on(golden::networks().at(2).network, 30, 75);
  Dataset packed = *work.dataset;
  const std::size_t image = packed.pixels.size() / packed.size();
  packed.packed = std::make_shared<const PackedImages>(std::move(packed.pixels), image, 1);
  packed.pixels = {};
  work.dataset = std::make_shared<const Dataset>(std::move(packed));
  work.expect_same_on_ranks({3});
}

/// Threads of ranks, of which the first has one and the last the most, decide together what they share out.
TEST(RankBitsOfUnevenThreads, AreThoseOfOneProcess) {
  RankWork work = RankWork::on(wide_network(), 256, 2 * 256);
  const RankOutcome expected = work.alone();
  ThreadRanks ranks(3);
  std::vector<RankOutcome> outcomes(3);
  rethrow_first(ranks.run([&](Communicator& communicator) {
    RankWork own = work;
    own.options.cpu.threads = communicator.rank() + 1;
    outcomes[communicator.rank()] = own.run(&communicator);
  }));
  for (const RankOutcome& outcome : outcomes) expect_same(outcome, expected);
}

/// So large numbers that no bound tells that all squares of gradients are finite: they are looked at first.
TEST(RankBitsOfLargeGradients, AreThoseOfOneProcess) {
  RankWork work = RankWork::on(wide_network(), 128, 128);
  ThreadRanks ranks(2);
  work.on_ranks(ranks, 2);
  const std::uint64_t exchanges = ranks.exchanges();
  for (float& weight : work.state.parameters.tensors[0].values) weight *= 5e-20F;
  for (float& bias : work.state.parameters.tensors[1].values) bias *= 5e-20F;
  for (float& weight : work.state.parameters.tensors[2].values) weight *= 2e19F;
  const RankOutcome expected = work.alone();
  ASSERT_EQ(expected.trained.steps, 1U);
  for (const RankOutcome& outcome : work.on_ranks(ranks, 2)) expect_same(outcome, expected);
  EXPECT_EQ(ranks.exchanges(), exchanges + 1) << "what they have looked at";
}

/// Who is the only rank is alone.
TEST(OneRank, ExchangesNothing) {
  const RankWork work = RankWork::on(golden::networks().at(2).network, 30, 75);
  ThreadRanks ranks(1);
  for (const RankOutcome& outcome : work.on_ranks(ranks, 1)) expect_same(outcome, work.alone());
  EXPECT_EQ(ranks.exchanges(), 0U);
}

TEST(SharedUpdates, AreMadeWhereTheyPay) {
  const auto bytes = [](std::uint32_t batch, unsigned threads) {
    RankWork work = RankWork::on(wide_network(), batch, batch);
    work.options.cpu.threads = threads;
    ThreadRanks ranks(2);
    work.on_ranks(ranks, 2);
    return ranks.bytes();
  };
  constexpr std::uint64_t half = 256 * 256 / 2 * sizeof(float);  // of the weights; and two moments, at the end
  EXPECT_GT(bytes(128, 1), 3 * half);
  EXPECT_LT(bytes(120, 1), 3 * half);
  EXPECT_LT(bytes(128, 2), 3 * half) << "two threads sum up faster than weights arrive";
}

}  // namespace
}  // namespace nib
