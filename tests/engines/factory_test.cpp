// make_engine() and what engines refuse.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "engines/device_name.h"
#include "engines/engine_case.h"
#include "support/synthetic.h"

namespace nib {
namespace {

using testing::HasSubstr;

template <typename Call>
void expect_error(ExitCode code, const std::string& message, const Call& call) {
  try {
    call();
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code);
    EXPECT_THAT(error.what(), HasSubstr(message));
  }
}

TEST(DeviceNameOf, EveryDevice) {
  using Kind = DeviceName::Kind;
  EXPECT_EQ(parse_device_name("auto"), (DeviceName{.kind = Kind::automatic}));
  EXPECT_EQ(parse_device_name("cpu"), (DeviceName{.kind = Kind::cpu}));
  EXPECT_EQ(parse_device_name("cuda"), (DeviceName{.kind = Kind::cuda}));
  EXPECT_EQ(parse_device_name("cuda:0"), (DeviceName{.kind = Kind::cuda, .number = 0}));
  EXPECT_EQ(parse_device_name("cuda:1023"), (DeviceName{.kind = Kind::cuda, .number = 1023}));
}

TEST(MakeEngine, RefusesADeviceThatIsNone) {
  std::string note;
  for (const char* device : {"tpu", "", "CPU", "cuda:", "cuda:x", "cuda:-1", "cuda:1024"}) {
    EXPECT_EQ(parse_device_name(device), std::nullopt) << device;
    expect_error(ExitCode::usage, "no such device", [&] { make_engine(device, {.network = digits_network()}, note); });
  }
}

TEST(MakeEngine, RefusesInstructionsThatAreNone) {
  const ForcedInstructions forced("sse9");
  std::string note;
  expect_error(ExitCode::usage, "sse9", [&] { make_engine("cpu", {.network = digits_network()}, note); });
}

TEST(MakeEngine, RefusesTf32OnTheCpu) {
  std::string note;
  expect_error(ExitCode::usage, "precision",
               [&] { make_engine("cpu", {.network = digits_network(), .precision = Precision::tf32}, note); });
}

TEST(MakeEngine, SaysWhatItMade) {
  std::string note;
  const auto engine = make_engine("cpu", {.network = digits_network(), .cpu = {.threads = 3}}, note);
  EXPECT_THAT(engine->description(), testing::MatchesRegex("cpu, (scalar|AVX2|AVX-512), 3 threads, FP32"));
  EXPECT_EQ(note, "");
}

TEST(MakeEngine, UsesTheInstructionsThatItIsTold) {
  const ForcedInstructions forced("scalar");
  std::string note;
  EXPECT_THAT(make_engine("cpu", {.network = digits_network()}, note)->description(), HasSubstr("scalar"));
}

class EngineUpload : public EngineTest {
 protected:
  std::unique_ptr<Engine> engine = make_engine(engine_case(), {.network = digits_network()});
};

TEST_P(EngineUpload, RefusesImagesOfAnotherSize) {
  expect_error(ExitCode::bad_input, "28x28x1", [&] { engine->upload(synthetic::shared_digits(28, 27, 10, 1)); });
  expect_error(ExitCode::bad_input, "32x28x1", [&] { engine->upload(synthetic::shared_digits(32, 28, 10, 1)); });
}

TEST_P(EngineUpload, RefusesLabelsBeyondTheClasses) {
  expect_error(ExitCode::bad_input, "label 10", [&] { engine->upload(synthetic::shared_digits(28, 28, 11, 12)); });
}

TEST_P(EngineUpload, RefusesAStateOfAnotherNetwork) {
  const TrainingState before = engine->state();
  expect_error(ExitCode::bad_input, "conv1.weight",
               [&] { engine->set_state(uneven_state(golden::networks().at(0).network)); });
  EXPECT_EQ(engine->state().parameters, before.parameters);
}

INSTANTIATE_TEST_SUITE_P(Engines, EngineUpload, every_engine(), case_name);

}  // namespace
}  // namespace nib
