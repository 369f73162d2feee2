#include "inference/model.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <thread>

#include "base/error.h"
#include "base/temporary_folder.h"
#include "engines/module/driver.h"
#include "inference/device.h"
#include "inference/remembered_notes.h"
#include "model/network_json.h"

namespace nib {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const char* const small_network =
    R"({"input":[2,2,1],"layers":[{"type":"flatten"},{"type":"dense","units":3,"activation":"softmax"}]})";

struct ModelTest : testing::Test {
  TemporaryFolder folder;
  RememberedNotes notes;
  std::string network = (folder / "network.json").string(), weights = (folder / "weights.safetensors").string();

  void SetUp() override {
    make_file(network, small_network);
    const Network three = parse_network(small_network, "small");
    write_weights(weights, three, initial_parameters(three, 3), "unknown", {"a", "b", "c"});
  }
};

TEST_F(ModelTest, IsTheDigitsNetworkFromTheSeedWhereNothingIsNamed) {
  const WeightsFile model = open_model({}, 5, notes);
  EXPECT_EQ(model.network, digits_network());
  EXPECT_EQ(model.parameters, initial_parameters(digits_network(), 5));
  EXPECT_THAT(class_names_of(model), SizeIs(10));
}

TEST_F(ModelTest, TakesTheNetworkThatIsNamed) {
  const WeightsFile model = open_model({.network = network}, 5, notes);
  EXPECT_EQ(model.parameters, initial_parameters(parse_network(small_network, "small"), 5));
  EXPECT_THAT(class_names_of(model), ElementsAre("0", "1", "2"));
}

TEST_F(ModelTest, TakesTheWeightsThatAreNamedWithTheirNetwork) {
  const WeightsFile model = open_model({.weights = weights}, 5, notes);
  EXPECT_EQ(model.parameters, initial_parameters(parse_network(small_network, "small"), 3));
  EXPECT_THAT(class_names_of(model), ElementsAre("a", "b", "c"));
  EXPECT_THAT(notes.warned, IsEmpty());
}

TEST_F(ModelTest, RefusesWeightsOfAnotherNetwork) {
  EXPECT_THROW(open_model({.network = "digits", .weights = weights}, 5, notes), Error);
}

TEST_F(ModelTest, TakesTheFolderOfARunForTheWeightsInIt) {
  std::filesystem::create_directories(folder / "runs/a");
  std::filesystem::copy(weights, folder / "runs/a/model.safetensors");
  const std::string run = (folder / "runs/a").string();
  EXPECT_EQ(weights_file(run), run + "/model.safetensors");
  EXPECT_EQ(weights_file(run + '/'), run + "/model.safetensors");
  EXPECT_EQ(open_model({.weights = run}, 5, notes).class_names, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(weights_file(""), "");
  EXPECT_EQ(weights_file(weights), weights);
  EXPECT_EQ(weights_file("no/such"), "no/such");
}

TEST_F(ModelTest, SaysWhereTheWeightsOfAFolderWithoutThemMayBe) {
  const auto refused = [&](const std::string& name) -> Problem {
    try {
      weights_file((folder / name).string());
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::bad_input);
      return error.problem();
    }
    return {};
  };
  std::filesystem::create_directories(folder / "runs/a");
  EXPECT_EQ(refused("runs/a").problem, "no model.safetensors in this folder");
  EXPECT_EQ(refused("runs/a").hint, "the folder of a run has one");
  make_file(folder / "runs/a/checkpoint-9.safetensors", "");
  make_file(folder / "runs/a/checkpoint-10.safetensors", "");
  EXPECT_EQ(weights_file((folder / "runs/a").string()), (folder / "runs/a/checkpoint-10.safetensors").string());
  make_file(folder / "runs/a/model.safetensors", "");
  std::filesystem::create_directory_symlink("a", folder / "runs/latest");
  EXPECT_EQ(refused("runs").hint, (folder / "runs/latest").string() + " is the newest run");
}

TEST_F(ModelTest, ReadsWeightsAndNetworkFromPipes) {
  const auto feed = [&](const std::string& from, const std::string& name) {
    EXPECT_EQ(::mkfifo((folder / name).c_str(), 0600), 0);
    return std::jthread([from, to = folder / name] { make_file(to, contents(from)); });
  };
  const std::jthread one = feed(weights, "weights"), other = feed(network, "network");
  const WeightsFile model =
      open_model({.network = (folder / "network").string(), .weights = (folder / "weights").string()}, 5, notes);
  EXPECT_EQ(model.parameters, initial_parameters(parse_network(small_network, "small"), 3));
}

TEST_F(ModelTest, KnowsTheDataOfItsWeights) {
  WeightsFile model = open_model({}, 5, notes);
  EXPECT_EQ(data_for_model("folder", model, notes), "folder");
  model.data = "fashion";
  EXPECT_EQ(data_for_model("", model, notes), "fashion");
  model.data = "unknown";
  EXPECT_THROW(data_for_model("", model, notes), Error);
  EXPECT_THAT(notes.warned, IsEmpty());
}

TEST_F(ModelTest, TellsThatItTakesMnistWhereTheWeightsNameNothing) {
  EXPECT_EQ(data_for_model("", open_model({}, 5, notes), notes), "mnist");
  EXPECT_THAT(notes.warned, ElementsAre("the weights do not say what they were trained on: mnist is taken (" +
                                        setting("data") + " names another)"));
}

TEST_F(ModelTest, TellsThatItsWeightsChooseAFolder) {
  WeightsFile model = open_model({}, 5, notes);
  model.data = "/some\nfolder";
  EXPECT_EQ(data_for_model("named", model, notes), "named");
  EXPECT_THAT(notes.warned, IsEmpty());
  EXPECT_EQ(data_for_model("", model, notes), "/some\nfolder");
  EXPECT_THAT(notes.warned, ElementsAre("the weights' metadata choose the folder of the data, /some\\x0afolder (" +
                                        setting("data") + " names another)"));
}

TEST_F(ModelTest, StartsAnEngineThatHasItsWeightsAndNoStepBehindIt) {
  const WeightsFile model = open_model({.weights = weights}, 5, notes);
  const TrainingState state = start_engine(model, {.device = "cpu"}, {.batch = 4}, notes)->state();
  EXPECT_EQ(state.parameters, model.parameters);
  EXPECT_EQ(state.moments, first_state(model.network, {}).moments);
  EXPECT_EQ(state.step, 0u);
}

TEST_F(ModelTest, IsTestedOnTheCpuWhereTheImagesAreFewOrThereIsNoDriver) {
  const bool driver = cuda::driver_is_installed();
  EXPECT_EQ(device_for_evaluation({.device = "auto"}, 100'000, notes), "cpu");
  EXPECT_THAT(notes.said, SizeIs(driver ? 1 : 0)) << "only where a GPU could have been meant";
  EXPECT_EQ(device_for_evaluation({.device = "auto"}, 100'001, notes), driver ? "auto" : "cpu");
  EXPECT_EQ(device_for_evaluation({.device = "cuda:1"}, 1, notes), "cuda:1");
  EXPECT_EQ(device_for_evaluation({.device = "auto", .precision = "tf32"}, 1, notes), "auto");
  EXPECT_THAT(notes.said, SizeIs(driver ? 1 : 0));
}

}  // namespace
}  // namespace nib
