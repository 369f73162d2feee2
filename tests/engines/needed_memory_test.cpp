#include "engines/cpu/needed_memory.h"

#include <malloc.h>

#include <gmock/gmock.h>

#include "base/error.h"
#include "engines/cpu/cpu_engine.h"
#include "model/network_json.h"
#include "nib/engine.h"

namespace nib {
namespace {

using testing::HasSubstr;

/// What glibc's allocator has given out; 0 where another one is in its place.
std::size_t allocated() {
  const auto given = mallinfo2();
  return given.uordblks + given.hblkhd;
}

/// Bytes of an engine, once made.
std::size_t taken(const EngineOptions& options) {
  const std::size_t before = allocated();
  const auto engine = cpu::make_cpu_engine(options);
  return allocated() - before;
}

/// One of two ranks, as long as nothing is computed.
class IdleRank : public Communicator {
 public:
  unsigned rank() const override { return 0; }
  unsigned size() const override { return 2; }
  void gather_all(std::span<std::byte>, std::span<const std::size_t>) override {}
  void abort(int) noexcept override {}
};

Network network(const std::string& layers) {
  return parse_network(
      R"({"input":[28,28,1],"layers":[)" + layers + R"({"type":"dense","units":10,"activation":"softmax"}]})", "test");
}

TEST(NeededMemory, IsNearlyAllThatAnEngineTakes) {
  if (allocated() == 0) GTEST_SKIP() << "the allocator is not glibc's";
  const Network wide = network(R"({"type":"flatten"},{"type":"dense","units":3000,"activation":"relu"},)");
  const Network convolutions = network(
      R"({"type":"convolution","filters":32,"kernel":[3,3],"activation":"relu"},
         {"type":"convolution","filters":128,"kernel":[5,5],"activation":"relu"},
         {"type":"max_pool","size":[3,3],"stride":[2,2]},{"type":"dropout","rate":0.5},{"type":"flatten"},)");
  const Network padded = network(
      R"({"type":"convolution","filters":16,"kernel":[3,3],"padding":"same","activation":"relu"},
         {"type":"convolution","filters":32,"kernel":[3,3],"padding":"same","activation":"relu"},
         {"type":"max_pool","size":[2,2],"stride":[2,2]},{"type":"flatten"},)");
  struct Case {
    Network network;
    std::uint32_t batch;
    unsigned threads;
  };
  IdleRank rank;
  for (const auto& [network, batch, threads] : {Case{digits_network(), 128, 2},
                                                {digits_network(), 1000, 1},
                                                {digits_network(), 4096, 4},
                                                {wide, 128, 1},
                                                {wide, 2000, 3},
                                                {convolutions, 200, 1},
                                                {padded, 300, 2}})
    for (Communicator* const communicator : {static_cast<Communicator*>(nullptr), static_cast<Communicator*>(&rank)}) {
      const EngineOptions options{
          .network = network, .batch = batch, .cpu = {.threads = threads}, .communicator = communicator};
      const auto needed = static_cast<double>(cpu::needed_memory(options));
      const auto handed_in = static_cast<double>(3 * sizeof(float) * parameter_count(network));  // given back since
      const double share = (needed - handed_in) / static_cast<double>(taken(options));
      EXPECT_GT(share, 0.9) << network_json(network) << batch;
      EXPECT_LE(share, 1.0) << network_json(network) << batch;
    }
}

/// Of the digits network 16 branches of 75 KB each, and of each row 1.2 KB.
TEST(NeededMemory, OfRanksIsMoreByWhatTheyPack) {
  IdleRank rank;
  EngineOptions options{.network = digits_network(), .batch = 1024};
  const std::uint64_t alone = cpu::needed_memory(options);
  options.communicator = &rank;
  const std::uint64_t more = cpu::needed_memory(options) - alone;
  EXPECT_GT(more, 16 * 75'000U + 1024 * 1'100U);
  EXPECT_LT(more, 16 * 76'000U + 1024 * 1'200U);
}

/// Kept of all rows are the 1,600 inputs of fc1, its outputs and the logits with their gradients: 8 KB each. The 58 KB
/// that the convolutions need of a row are there for 2 of 16 slots.
TEST(NeededMemory, OfLargeBatchesIsLittleMoreThanWhatDenseLayersNeed) {
  EXPECT_LT(cpu::needed_memory({.network = digits_network(), .batch = 4096, .cpu = {.threads = 2}}),
            4096 * 8'000 + 512 * 58'000 + 12'000'000);
}

TEST(NeededMemory, BeyondWhatTheEngineMayTakeIsRefused) {
  EngineOptions options{.network = digits_network()};
  const std::uint64_t needed = cpu::needed_memory(options);
  options.cpu.memory = needed;
  EXPECT_NO_THROW(cpu::make_cpu_engine(options));
  options.cpu.memory = needed - 1;
  try {
    cpu::make_cpu_engine(options);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::device);
    EXPECT_THAT(error.what(), HasSubstr("not enough memory for the network (expected "));
  }
}

}  // namespace
}  // namespace nib
