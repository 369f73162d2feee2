#include <gmock/gmock.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "commands/cuda_stand_ins.h"
#include "commands/small_set.h"
#include "tests/places.h"

namespace nib {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

const std::string bundled = NIB_DATA_SOURCE "/parity", trained = NIB_GOLDEN "/keras/trained.safetensors";

class Verify : public testing::Test {
 protected:
  Ending verify(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "verify");
    return nib(arguments, folder.path());
  }
  /// A copy of the recording that comes with nib, with some text of it replaced.
  void copy_with(const std::string& from, const std::string& to) const {
    std::filesystem::copy(bundled, folder / "recording");
    std::string text = contents(folder / "recording/recording.json");
    text.replace(text.find(from), from.size(), to);
    make_file(folder / "recording/recording.json", text);
  }
  const TemporaryFolder folder;
};

TEST_F(Verify, RepeatsTheStepsThatComeWithNib) {
  const Ending ending = verify({"--device", "cpu"});
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, HasSubstr("Peer: Keras 3.15.1 on TensorFlow 2.21.0, float64\n"));
  EXPECT_THAT(ending.output, HasSubstr("\nloss of step 1         2.30116120   2.30116120     "));
  EXPECT_THAT(ending.output, HasSubstr("\nmove of fc2.bias "));
  EXPECT_THAT(ending.output, HasSubstr("\n28 of 28 figures are within their gates\n"));
  EXPECT_EQ(verify({"--device", "cpu", "--against", bundled, "-q"}).output,
            ending.output.substr(ending.output.find("figure ")));
}

TEST_F(Verify, NamesTheRecordingThatNamesDataWhichAreNotThere) {
  copy_with("\"mnist\"", "\"nowhere\"");
  const Ending ending = verify({"--against", "recording"});
  EXPECT_EQ(ending.code, 4);
  EXPECT_THAT(ending.errors, HasSubstr("nowhere: no known data set"));
  EXPECT_THAT(ending.errors, HasSubstr("\nhint: recording/recording.json names these data"));
  EXPECT_THAT(verify({"--against", "recording", "--data", "none"}).errors, testing::Not(HasSubstr("recording.json")));
  EXPECT_EQ(verify({"--against", "recording", "--data", "mnist", "--device", "cpu"}).code, 0);
}

TEST_F(Verify, NamesTheFileOfAnOrderThatDoesNotFitTheSet) {
  const Ending ending = verify({"--against", bundled, "--limit", "100"});
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.errors, HasSubstr("nib: error: " + bundled + "/recording.json: order["));
}

TEST_F(Verify, FailsOnAPeerThatSaysOtherwise) {
  copy_with("2.27874653", "2.27875653");
  const Ending ending = verify({"--against", "recording", "--device", "cpu"});
  EXPECT_EQ(ending.code, 7);
  EXPECT_THAT(ending.output, HasSubstr("2.27874654     1.0e-05   1e-06  outside\n"));
  EXPECT_THAT(ending.output, HasSubstr("\n27 of 28 figures are within their gates\n"));
  EXPECT_EQ(ending.errors, "nib: error: 1 of 28 figures are outside their gates\n");
  const json document = json::parse(verify({"--against", "recording", "--json", "--device", "cpu"}).output);
  EXPECT_EQ(document["outside"], 1);
  EXPECT_EQ(document["figures"][2]["within"], false);
  EXPECT_EQ(document["figures"][3]["within"], true);
}

TEST_F(Verify, RefusesARecordingOfImagesThatAreNotThere) {
  copy_with("\"order\": [4013,", "\"order\": [60000,");
  const Ending ending = verify({"--against", "recording", "--device", "cpu"});
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.errors,
              HasSubstr("order[0]: the training set has no such image (expected 0 to 59999, got 60000)"));
}

TEST_F(Verify, ComparesDevices) {
  const Ending ending = verify({trained, "--devices", "cpu,cpu,cpu", "--limit", "50"});
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, HasSubstr("probabilities                            0.0e+00   1e-05  ok\n"));
  EXPECT_THAT(ending.output, HasSubstr("changed predictions, of 50                     0       0  ok\n"));
}

TEST_F(Verify, ComparesWithAGpu) {
  ProgramWithFakeGpu program({"verify", trained, "--devices", "cpu,cuda", "--limit", "50"}, folder.path());
  const Ending ending = program.run();
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, HasSubstr("\ncuda:0"));
  EXPECT_THAT(ending.output, HasSubstr("changed predictions, of 50                     0       0  ok\n"));
}

TEST_F(Verify, SaysInALineWhereThereIsNoGpu) {
  const Ending ending =
      ProgramWithFakeGpu({"verify", trained, "--devices", "cpu,cuda", "--data", "mnist"}, folder.path(), "init=100")
          .run();
  EXPECT_EQ(ending.code, 5);
  EXPECT_THAT(ending.errors, StartsWith("nib: error: "));
}

TEST_F(Verify, RefusesWhatSaysNothing) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong = {
      {{trained},
       "--devices: missing\nhint: WEIGHTS are compared on --devices cpu,cuda; recorded steps bring their own"},
      {{"--devices", "cpu,cpu"}, "WEIGHTS: missing"},
      {{trained, "--devices", "cpu"},
       "--devices: nothing to compare with (expected two devices or more, as in cpu,cuda, got \"cpu\")"},
      {{trained, "--devices", "cpu,tpu"},
       "--devices: no such device (expected cpu, cuda or cuda:N, with commas between them, got \"tpu\")"},
      {{trained, "--devices", "cpu,,cpu"}, "--devices: no such device"},
      {{trained, "--devices", "cpu,cpu", "--against", bundled}, "--against: does not go with --devices"},
      {{trained, "--devices", "cpu,cpu", "--device", "cpu"}, "--device: does not go with --devices"},
      {{"--network", "digits"}, "--network: is for --devices alone"}};
  for (const auto& [arguments, line] : wrong) {
    const Ending ending = verify(arguments);
    EXPECT_EQ(ending.code, 2) << line;
    EXPECT_THAT(ending.errors, StartsWith("nib: error: " + line));
    EXPECT_THAT(ending.output, IsEmpty());
  }
}

}  // namespace
}  // namespace nib
