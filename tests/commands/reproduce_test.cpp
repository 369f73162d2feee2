// Runs that are trained again from their records: what is certified, what is named, what is refused.

#include <gmock/gmock.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "commands/cuda_stand_ins.h"
#include "commands/documented.h"
#include "commands/small_set.h"
#include "hdf5/hdf5_file.h"
#include "runs/made_run.h"
#include "support/golden.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using nlohmann::ordered_json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class Reproduce : public testing::Test {
 protected:
  Reproduce() { make_file(folder / "net.json", dropout_network); }

  /// Three epochs of 34 steps, unless told otherwise.
  void train(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"train", "--data", "set", "--device", "cpu"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    for (const auto& [option, value] : {std::pair{"--epochs", "3"}, std::pair{"--batch", "4"},
                                        std::pair{"--out", "run"}, std::pair{"--network", "net.json"}})
      if (std::ranges::find(more, option) == more.end()) arguments.insert(arguments.end(), {option, value});
    arguments.emplace_back("--no-pictures");
    const Ending ending = nib(arguments, folder.path());
    ASSERT_EQ(ending.code, 0) << ending.errors;
  }
  Ending run(const std::vector<std::string>& arguments) const { return nib(arguments, folder.path()); }
  Ending reproduce(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"reproduce", "run"});
    return run(more);
  }
  ordered_json record() const { return ordered_json::parse(contents(folder / "run/run.json")); }
  /// Changes the record as one who covers his tracks would: its own hash is right again.
  template <typename Change>
  void forge(const Change& change) const {
    ordered_json all = record();
    change(all);
    make_file(folder / "run/run.json", sealed_text(all.dump()));
  }
  void lose_checkpoints() const {
    for (const auto& entry : fs::directory_iterator(folder / "run"))
      if (entry.path().filename().string().starts_with("checkpoint")) fs::remove(entry.path());
  }

  const SmallSetFolder folder{};
};

TEST_F(Reproduce, CertifiesARunOnOtherThreadsAndInstructions) {
  train({"--threads", "2"});
  for (const std::string instructions : {"scalar", "avx2"}) {
    Program program({"reproduce", "run", "--threads", "3", "--out", instructions + ".json", "--json"});
    const Ending ending = program.in(folder.path()).with_environment("NIB_INSTRUCTIONS", instructions).run();
    ASSERT_EQ(ending.code, 0) << ending.errors;
    EXPECT_THAT(ending.errors, HasSubstr("REPRODUCED bit for bit: 3 epochs, the weights and the test of 100 images\n"));
    EXPECT_EQ(contents(folder / (instructions + ".json")), ending.output);
    const json certificate = json::parse(ending.output);
    EXPECT_EQ(certificate["reproduced"], true);
    EXPECT_EQ(certificate["whole"], true);
    EXPECT_EQ(certificate["weights_sha256"], record()["weights_sha256"]);
    EXPECT_EQ(certificate["record_sha256"], record()["record_sha256"]);
    EXPECT_EQ(certificate["program_sha256"], record()["program"]["sha256"]);
    for (std::size_t epoch = 0; epoch < 3; ++epoch)
      EXPECT_EQ(certificate["epochs"][epoch]["weights_sha256"], record()["epoch_weights"]["sha256"][epoch]);
    EXPECT_EQ(certificate["data"]["files"][0]["raw_sha256"], record()["data"]["files"][0]["raw_sha256"]);
  }
}

TEST_F(Reproduce, LeavesTheRunAsItWas) {
  train();
  const std::string before = contents(folder / "run/run.json");
  const std::vector<std::string> names = folder.names();
  EXPECT_EQ(reproduce().code, 0);
  EXPECT_EQ(contents(folder / "run/run.json"), before);
  EXPECT_EQ(folder.names(), names);
}

TEST_F(Reproduce, TakesRunsOfEveryKind) {
  const std::vector<std::vector<std::string>> kinds = {
      {"--schedule", "one-cycle"},
      {"--reduce-on-plateau", "1", "--plateau-factor", "0.5", "--plateau-min-delta", "100"},
      {"--epochs", "9", "--early-stopping", "1", "--min-delta", "10"},
      {"--learning-rate", "0.5", "--restore-best"},
      {"--validation", "stratified", "--validation-split", "0.3", "--limit", "120", "--seed", "7"},
      {"--validation-split", "0"},
      {"--validation-data", "set"}};
  for (const std::vector<std::string>& kind : kinds) {
    SCOPED_TRACE(testing::PrintToString(kind));
    std::vector<std::string> more = kind;
    more.emplace_back("--force");
    train(more);
    const Ending ending = reproduce();
    EXPECT_EQ(ending.code, 0) << ending.errors << ending.output;
  }
}

TEST_F(Reproduce, TakesARunThatStoppedAndWentOn) {
  train({"--epochs", "2"});
  ASSERT_EQ(run({"train", "--resume", "run", "--epochs", "4", "--early-stopping", "1", "--no-pictures"}).code, 0);
  const Ending ending = reproduce();
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_EQ(record()["epoch_weights"]["sha256"].size(), record()["history"]["epoch"].size());
  ASSERT_EQ(run({"train", "--resume", "run", "--epochs", "5", "--early-stopping", "off", "--schedule", "cosine",
                 "--no-pictures"})
                .code,
            0);
  const Ending other = reproduce();
  EXPECT_EQ(other.code, 3);
  EXPECT_THAT(other.errors, HasSubstr("run/run.json: repeatable: training this run again need not give the same"));
}

TEST_F(Reproduce, TakesStartWeightsByTheirHash) {
  train({"--out", "first"});
  train({"--weights", "first", "--seed", "3"});
  EXPECT_EQ(record()["configuration"]["start_weights_sha256"],
            json::parse(contents(folder / "first/run.json"))["weights_sha256"]);
  EXPECT_EQ(reproduce().code, 0);
  train({"--out", "other", "--seed", "5"});
  const Ending other = reproduce({"--weights", "other"});
  EXPECT_EQ(other.code, 3);
  EXPECT_THAT(other.errors,
              HasSubstr("other/model.safetensors: not the weights that the run started from: their SHA-256 "
                        "is another (expected "));
  fs::rename(folder / "first", folder / "moved");
  const Ending gone = reproduce();
  EXPECT_EQ(gone.code, 3);
  EXPECT_THAT(gone.errors, HasSubstr("configuration.start_weights: the weights that the run started from are not there "
                                     "any more (expected SHA-256 "));
  EXPECT_EQ(reproduce({"--weights", "moved"}).code, 0);
}

TEST_F(Reproduce, TakesATrainingThatBeganInKeras) {
  if (hdf5_version().empty()) GTEST_SKIP() << "built without libhdf5";
  const std::string keras = golden::path("keras/small/small.keras").string();
  ASSERT_EQ(run({"train", "--device", "cpu", "--no-pictures", "--out", "run", "--resume", keras, "--limit", "200",
                 "--epochs", "1"})
                .code,
            0);
  const Ending ending = reproduce();
  EXPECT_EQ(ending.code, 0) << ending.errors;
}

TEST_F(Reproduce, ChecksSingleEpochsFromKeptCheckpoints) {
  train({"--epochs", "4", "--keep", "9"});
  const Ending kept = reproduce({"--epochs", "4,2", "--json"});
  ASSERT_EQ(kept.code, 0) << kept.errors;
  EXPECT_THAT(kept.errors, HasSubstr("REPRODUCED bit for bit: epochs 2 and 4 of 4\n"));
  EXPECT_THAT(kept.errors, HasSubstr("Going on from run/checkpoint-34.safetensors\n"));
  EXPECT_THAT(kept.errors, HasSubstr("Going on from run/checkpoint-102.safetensors\n"));
  EXPECT_THAT(kept.errors, Not(HasSubstr("Epoch 3/4")));
  const json certificate = json::parse(kept.output);
  EXPECT_EQ(certificate["whole"], false);
  EXPECT_EQ(certificate["epochs"].size(), 2U);
  lose_checkpoints();
  const Ending trained = reproduce({"--epochs", "2"});
  ASSERT_EQ(trained.code, 0) << trained.errors;
  EXPECT_THAT(trained.output, HasSubstr("REPRODUCED bit for bit: epochs 1 and 2 of 4\n"));
  EXPECT_THAT(trained.output, Not(HasSubstr("Epoch 3/4")));
  const Ending none = reproduce({"--epochs", "5"});
  EXPECT_EQ(none.code, 2);
  EXPECT_EQ(none.errors, "nib: error: --epochs: the run has no such epoch (expected 1 to 4, got 5)\n");
}

TEST_F(Reproduce, NamesTheFirstEpochAndTensorThatDiffer) {
  train();
  lose_checkpoints();
  forge([](ordered_json& all) {
    std::string& epoch = all["epoch_weights"]["sha256"][1].get_ref<std::string&>();
    std::string& tensors = all["epoch_weights"]["tensors"][1].get_ref<std::string&>();
    epoch.replace(0, 4, epoch.starts_with("0000") ? "1111" : "0000");
    tensors.replace(9, 4, tensors.substr(9, 4) == "0000" ? "1111" : "0000");
  });
  const Ending ending = reproduce({"--json"});
  EXPECT_EQ(ending.code, 7);
  EXPECT_THAT(ending.errors,
              HasSubstr("nib: error: run/run.json: epoch 2, fc1.bias: NOT reproduced (expected weights of "
                        "SHA-256 "));
  EXPECT_THAT(ending.errors, Not(HasSubstr("Epoch 3/3")));
  const json document = json::parse(ending.output);
  EXPECT_THAT(differences_from_documentation(document, "nib reproduce --json"), IsEmpty());
  EXPECT_EQ(document["reproduced"], false);
  EXPECT_EQ(document["difference"]["field"], "epoch 2, fc1.bias");
  EXPECT_EQ(document["epochs"].size(), 1U);
}

TEST_F(Reproduce, WritesNoCertificateOfWhatDiffers) {
  train();
  lose_checkpoints();
  forge([](ordered_json& all) { all["configuration"]["seed"] = 1; });
  EXPECT_EQ(reproduce({"--out", "c.json"}).code, 7);
  EXPECT_FALSE(fs::exists(folder / "c.json"));
  make_file(folder / "c.json", "mine");
  EXPECT_EQ(reproduce({"--out", "c.json"}).code, 2);
  EXPECT_EQ(reproduce({"--out", "run/run.json", "--force"}).code, 2);
}

TEST_F(Reproduce, ComparesTheFinalWeightsOfAnOlderRecord) {
  train();
  ordered_json all = record();
  for (const char* const key : {"record_sha256", "epoch_weights"}) all.erase(key);
  all["program"] = {{"version", "0.0.9"}};
  make_file(folder / "run/run.json", all.dump());
  lose_checkpoints();
  const Ending ending = reproduce();
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, HasSubstr("by nib 0.0.9; this is nib "));
  EXPECT_THAT(ending.output,
              HasSubstr("The record has no hashes of its epochs: compared were its figures and the final weights\n"));
}

TEST_F(Reproduce, RefusesOtherDataAndMissingDataByTheirHashes) {
  train();
  const std::string hash = record()["data"]["files"][0]["raw_sha256"];
  write_set(folder / "other", 28, 28, small_training_images + 1, small_test_images);
  const Ending other = reproduce({"--data", "other"});
  EXPECT_EQ(other.code, 3);
  EXPECT_THAT(other.errors, HasSubstr("other/train-images-idx3-ubyte: not the data of the run: the SHA-256 is another "
                                      "(expected " +
                                      hash + ", got "));
  for (const std::string data : {"none", ""}) {
    if (data.empty()) fs::rename(folder / "set", folder / "moved");
    const Ending gone = data.empty() ? reproduce() : reproduce({"--data", data});
    EXPECT_EQ(gone.code, 3) << gone.errors;
    EXPECT_THAT(gone.errors, HasSubstr(hash + ", got nothing)\n"));
  }
  EXPECT_EQ(reproduce({"--data", "moved"}).code, 0);
}

TEST_F(Reproduce, RefusesARunOfAGpuOnAnotherKindOfDevice) {
  std::vector<std::string> arguments = small_training({"--out", "run"});
  *(std::ranges::find(arguments, "--device") + 1) = "cuda";
  ASSERT_EQ(ProgramWithFakeGpu(arguments, folder.path()).run().code, 0);
  const Ending elsewhere =
      Program({"reproduce", "run"}).in(folder.path()).with_environment("CUDA_VISIBLE_DEVICES", "-1").run();
  EXPECT_EQ(elsewhere.code, 5) << elsewhere.errors;
  EXPECT_THAT(elsewhere.errors, HasSubstr("the run was made on "));
  const Ending cpu = ProgramWithFakeGpu({"reproduce", "run", "--device", "cpu"}, folder.path()).run();
  EXPECT_EQ(cpu.code, 5);
  EXPECT_THAT(cpu.errors, HasSubstr("nib: error: the run was made on another kind of device, which need not give the "
                                    "same bits (expected cuda"));
  const Ending there = ProgramWithFakeGpu({"reproduce", "run"}, folder.path()).run();
  EXPECT_EQ(there.code, 0) << there.errors;
}

TEST_F(Reproduce, RefusesAGpuForARunOfTheCpu) {
  train();
  const Ending ending = ProgramWithFakeGpu({"reproduce", "run", "--device", "cuda"}, folder.path()).run();
  EXPECT_EQ(ending.code, 5);
  EXPECT_THAT(ending.errors, HasSubstr("(expected cpu"));
  EXPECT_EQ(ProgramWithFakeGpu({"reproduce", "run"}, folder.path()).run().code, 0) << "takes the CPU of its own accord";
}

TEST_F(Reproduce, EndsCleanlyWithASignal) {
  train({"--epochs", "60", "--network", "digits"});
  Program program({"reproduce", "run", "--out", "c.json"});
  program.in(folder.path()).start();
  ASSERT_TRUE(program.wait_for_output("Epoch 2/"));
  program.signal(SIGINT);
  const Ending ending = program.wait();
  EXPECT_EQ(ending.code, 130);
  EXPECT_EQ(ending.errors, "nib: stopped by SIGINT: nothing was certified\n");
  EXPECT_FALSE(fs::exists(folder / "c.json"));
}

TEST_F(Reproduce, RefusesWhatIsNoFinishedRun) {
  EXPECT_EQ(run({"reproduce"}).code, 2);
  EXPECT_EQ(run({"reproduce", "none"}).code, 4);
  train();
  forge([](ordered_json& all) { all["status"] = "interrupted"; });
  const Ending ending = reproduce();
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.errors, StartsWith("nib: error: run/run.json: status: the run is not finished"));
}

TEST_F(Reproduce, ReplacesNothingOfTheRun) {
  train();
  const std::string weights = contents(folder / "run/model.safetensors"),
                    images = contents(folder / "set/train-images-idx3-ubyte");
  for (const char* const file : {"run/model.safetensors", "run/history.csv", "set/train-images-idx3-ubyte"}) {
    const Ending ending = reproduce({"--out", file, "--force"});
    EXPECT_EQ(ending.code, 2) << file;
    EXPECT_THAT(ending.errors, HasSubstr("it would be replaced")) << file;
  }
  EXPECT_EQ(contents(folder / "run/model.safetensors"), weights);
  EXPECT_EQ(contents(folder / "set/train-images-idx3-ubyte"), images);
  const Ending nowhere = reproduce({"--out", "no/such/c.json"});
  EXPECT_EQ(nowhere.code, 4);
  EXPECT_THAT(nowhere.output, Not(HasSubstr("Epoch"))) << "told before the training";
  const Ending device = reproduce({"--out", "/dev/stdout", "--force"});
  EXPECT_EQ(device.code, 2);
  EXPECT_THAT(device.errors, HasSubstr("/dev/stdout: exists and is not a file"));
}

/// Means of the weights are not those that the epochs' hashes are of.
TEST_F(Reproduce, TakesTheMeansOfARunWithEma) {
  train({"--ema", "0.9"});
  for (const char* const command : {"reproduce", "report"}) {
    const Ending ending = run({command, "run"});
    EXPECT_EQ(ending.code, 0) << command << ": " << ending.errors;
  }
}

TEST_F(Reproduce, NamesTheValidationDataThatAreGone) {
  write_set(folder / "other", 28, 28, 130, 40);
  train({"--validation-data", "other"});
  const std::string hash = record()["configuration"]["validation_sha256"][0];
  fs::rename(folder / "other", folder / "elsewhere");
  const Ending gone = reproduce();
  EXPECT_EQ(gone.code, 3);
  EXPECT_THAT(gone.errors, HasSubstr(hash));
  EXPECT_THAT(gone.errors, HasSubstr("hint: --validation-data names where it is now"));
  EXPECT_EQ(reproduce({"--validation-data", "elsewhere"}).code, 0);
}

TEST_F(Reproduce, TellsWhatIsNotThereAnyMore) {
  train();
  fs::remove(folder / "run/model.safetensors");
  const Ending ending = reproduce({"--json"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_EQ(json::parse(ending.output)["missing"], json({"model.safetensors"}));
}

}  // namespace
}  // namespace nib
