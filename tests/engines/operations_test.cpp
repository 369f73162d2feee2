#include "engines/cpu/operations.h"

#include <gmock/gmock.h>

#include <array>
#include <map>

#include "engines/cpu/compile.h"
#include "engines/cpu/cpu_engine.h"
#include "engines/cpu/peak.h"
#include "model/network_json.h"
#include "support/synthetic.h"

namespace nib::cpu {
namespace {

using Operations = std::map<std::string, std::array<double, 2>>;  // of a row, of a step

Operations operations_of(const Network& network) {
  Operations all;
  for (const PhaseOperations& phase : phase_operations(plan_blocks(network)))
    all[phase.phase] = {phase.each_row, phase.each_step};
  return all;
}

// By hand. Of the second convolution's 11 x 11 outputs pooling takes 10 x 10, which need 24 x 24 of the first one's.
TEST(PhaseOperations, AreThoseOfTheDigitsNetwork) {
  const Operations expected = {
      {"conv1+relu+pool forward", {2.0 * 24 * 24 * 32 * 9, 0}},
      {"conv1+relu+pool backward", {2.0 * 12 * 12 * 32 * 9, 0}},
      {"conv1+relu+pool update", {0, 12.0 * 320}},
      {"conv2+relu+pool forward", {2.0 * 10 * 10 * 64 * 288, 0}},
      {"conv2+relu+pool backward", {2.0 * 2 * 5 * 5 * 64 * 288, 0}},
      {"conv2+relu+pool update", {0, 12.0 * 18496}},
      {"fc1+relu forward", {2.0 * 1600 * 128, 0}},
      {"fc1+relu backward", {2.0 * 1600 * 128, 0}},
      {"fc1+relu update", {2.0 * 1600 * 128, 12.0 * 204928}},
      {"fc2 forward", {2.0 * 128 * 10, 0}},
      {"fc2 backward", {2.0 * 128 * 10, 0}},
      {"fc2 update", {2.0 * 128 * 10, 12.0 * 1290}},
  };
  EXPECT_EQ(operations_of(digits_network()), expected);
}

TEST(PhaseOperations, LeaveOutWhatHasNoWeightsAndGradientsThatNobodyNeeds) {
  const Network network = parse_network(
      R"({"input":[9,9,1],"layers":[
          {"type":"convolution","filters":6,"kernel":[5,5],"padding":"same","activation":"none"},
          {"type":"dropout","rate":0.5},{"type":"max_pool","size":[3,3]},{"type":"flatten"},
          {"type":"dense","units":10,"activation":"softmax"}]})",
      "test");
  const Operations expected = {
      {"conv1 forward", {2.0 * 9 * 9 * 6 * 25, 0}}, {"conv1 backward", {2.0 * 9 * 9 * 6 * 25, 0}},
      {"conv1 update", {0, 12.0 * 6 * 26}},         {"fc1 forward", {2.0 * 54 * 10, 0}},
      {"fc1 backward", {2.0 * 54 * 10, 0}},         {"fc1 update", {2.0 * 54 * 10, 12.0 * 55 * 10}},
  };
  EXPECT_EQ(operations_of(network), expected);
}

TEST(PhaseOperations, ComeWithThePhasesOfAnEngine) {
  const auto engine = make_cpu_engine({.network = digits_network(), .batch = 4});
  const ImageSet images = engine->upload(synthetic::shared_digits(28, 28, 10, 8));
  const Diagnostics diagnostics = engine->diagnostics(images, synthetic::file_order(8), 3);
  Operations left = operations_of(digits_network());
  for (const PhaseTime& phase : diagnostics.phases) {
    const auto found = left.find(phase.name);
    EXPECT_EQ(phase.operations, found == left.end() ? 0 : 3 * (4 * found->second[0] + found->second[1])) << phase.name;
    if (found != left.end()) left.erase(found);
  }
  EXPECT_THAT(left, testing::IsEmpty());
  EXPECT_GT(diagnostics.peak, 0);
}

// What it comes to is the machine's matter; that a team of more threads is counted in full shows in its being finite
// and above zero alone.
TEST(MeasuredPeak, IsThereForEveryInstructionSet) {
  for (const unsigned threads : {1U, 3U}) {
    Team team(threads);
    for (const Instructions instructions : {Instructions::scalar, choose_instructions()}) {
      PeakMeter meter(instructions, team);
      meter.measure();
      const double peak = meter.peak();
      EXPECT_GT(peak, 1e6) << instructions_name(instructions);
      EXPECT_LT(peak, 1e15) << instructions_name(instructions);
    }
  }
}

}  // namespace
}  // namespace nib::cpu
