// Files of a run that contradict each other: damaged, edited, or of another run.
#include "runs/record_checks.h"

#include <gmock/gmock.h>

#include <functional>

#include "base/hash.h"
#include "base/temporary_folder.h"
#include "formats/weights.h"
#include "model/network_json.h"
#include "runs/made_run.h"
#include "runs/refusal.h"
#include "runs/run_files.h"

namespace nib {
namespace {

using nlohmann::ordered_json;
using test::refusal_after;
using test::refusal_of;
using testing::HasSubstr;
using testing::StartsWith;

const char* const made_history = "epoch,accuracy,loss,seconds\n1,0.5,0.875,1.5\n2,0.75,0.625,1.25\n";
const char* const made_history_json =
    R"({"epoch": [1, 2], "accuracy": [0.5, 0.75], "loss": [0.875, 0.625], "seconds": [1.5, 1.25]})";

std::string hash_of(const std::string& text) {
  return to_hex(sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
}

/// The made run with all that a run of today has beside it.
void make_whole_run(const std::filesystem::path& folder) {
  ordered_json record = made_record();
  record["file_sha256"] = {{"history.csv", hash_of(made_history)},
                           {"history.json", hash_of(made_history_json)},
                           {"test_predictions.csv", hash_of(made_predictions)}};
  make_file(folder / "run.json", record.dump());
  make_file(folder / "history.csv", made_history);
  make_file(folder / "history.json", made_history_json);
}

std::string refusal_with(const std::string& name, const std::string& text) {
  return refusal_after([&](const std::filesystem::path& folder) {
    make_whole_run(folder);
    make_file(folder / name, text);
  });
}

TEST(RecordChecks, PassAWholeRun) { EXPECT_EQ(refusal_after(make_whole_run), "no error"); }

struct Contradiction {
  const char* place;
  ordered_json value;
  std::string message;
};

TEST(RecordChecks, FindEveryFigureThatContradictsAnother) {
  const Contradiction cases[] = {
      {"/test/correct", 2, "test.correct: contradicts test.confusion_matrix (expected 3, got 2)"},
      {"/test/accuracy", 0.8, "test.accuracy: contradicts test.correct (expected 0.75, got 0.8)"},
      {"/test/accuracy", 1e300, "test.accuracy: contradicts test.correct (expected 0.75, got 1e+300)"},
      {"/test/images", 5, "test.confusion_matrix: contradicts test.images (expected 5 in all, got 4)"},
      {"/test/confusion_matrix/0/0", 2, "test.confusion_matrix: contradicts test.images (expected 4 in all, got more)"},
      {"/test/confusion_matrix/0/0", 18446744073709551615U,
       "test.confusion_matrix: contradicts test.images (expected 4 in all, got more)"},
      {"/data/images", {{"test", 5}}, "data.images.test: contradicts test.images (expected 4, got 5)"},
      {"/data/images", {{"training", 5}, {"test", 4}}, "no error"},
      {"/data/class_counts",
       {{"test", {1, 3}}},
       "test.confusion_matrix[0]: contradicts data.class_counts.test (expected 1 in all, got more)"},
      {"/data/class_counts", {{"training", {1, 3}}}, "no error"},
      {"/configuration/epochs", 3, "history: not as many epochs as configuration.epochs (expected 3, got 2)"},
      {"/configuration/early_stopping", 1, "no error"},  // it got to its last epoch
      {"/best", {{"epoch", 2}, {"weights_sha256", "0123456789abcdef"}}, "no error"},
      {"/best",
       {{"epoch", 1}, {"weights_sha256", "0123456789abcdef"}},
       "history.loss: contradicts best.epoch (expected 1, got 2)"},
      {"/best",
       {{"epoch", 2}, {"weights_sha256", "another"}},
       "best.weights_sha256: contradicts weights_sha256 (expected 0123456789abcdef, got another)"},
      {"/weights_epoch", 2, "no error"},
      {"/weights_epoch", 1, "weights_epoch: neither the last epoch nor the best (expected 2, got 1)"},
      {"/configuration/monitor", "epochs",
       "configuration.monitor: unknown value (expected loss or accuracy or val_loss or val_accuracy, got \"epochs\")"},
      {"/configuration/network/layers/1/units", 3,
       "data.class_names: not as many as the network has classes (expected 3, got 2)"},
      {"/history/accuracy/1", 1.5, "history.accuracy[1]: number out of range (expected 0 to 1, got 1.5)"},
      {"/history/loss/0", -1, "history.loss[0]: number out of range (expected at least 0, got -1)"},
      {"/history/seconds/0", -1, "history.seconds[0]: number out of range (expected at least 0, got -1)"}};
  for (const Contradiction& each : cases)
    EXPECT_EQ(refusal_of([&](ordered_json& record) { record[ordered_json::json_pointer(each.place)] = each.value; }),
              (each.message == "no error" ? "" : "run.json: ") + each.message);
}

TEST(RecordChecks, TakeFewerEpochsWhereTheHistorySaysThatTheRunStoppedEarly) {
  const auto with = [](double second_loss, const ordered_json& patience) {
    return refusal_of([&](ordered_json& record) {
      record["configuration"]["epochs"] = 9;
      record["configuration"]["early_stopping"] = patience;
      record["history"]["loss"][1] = second_loss;
    });
  };
  const std::string too_few = "run.json: history: not as many epochs as configuration.epochs (expected 9, got 2)";
  EXPECT_EQ(with(1, 1), "no error");
  EXPECT_EQ(with(0.625, 1), too_few) << "the second epoch was better";
  EXPECT_EQ(with(1, 2), too_few);
  EXPECT_EQ(with(1, nullptr), too_few);
}

TEST(RecordChecks, CountTheImagesOfEachPart) {
  EXPECT_EQ(refusal_of([](ordered_json& record) {
              record["data"]["images"] = {{"training", 7}, {"test", 4}};
              record["data"]["class_counts"] = {{"training", {3, 3}}};
            }),
            "run.json: data.class_counts.training: contradicts data.images (expected 7 in all, got 6)");
}

TEST(RecordChecks, TakeNoFiguresOfOtherPredictions) {
  const auto with_loss = [](double loss) {
    return refusal_of([&](ordered_json& record) { record["test"]["loss"] = loss; });
  };
  EXPECT_EQ(with_loss(0.7650677), "no error");
  EXPECT_EQ(with_loss(0.76),
            "test_predictions.csv: not the predictions of this run: their mean loss is another than in "
            "run.json (expected 0.76, got 0.765068)");
  EXPECT_EQ(
      refusal_of([](ordered_json& record) {
        record["test"]["confusion_matrix"] = {{1, 0}, {1, 2}};
      }),
      "test_predictions.csv: not the predictions of this run: class 0 was taken for 1 by another number of images "
      "than in the confusion matrix of run.json (expected 0, got 1)");
}

TEST(RecordChecks, TakeAnyLargeLossWhereAProbabilityIsZero) {
  const auto with_loss = [](double loss) {
    return refusal_after([&](const std::filesystem::path& folder) {
      ordered_json record = made_record();
      record["test"]["loss"] = loss;
      make_file(folder / "run.json", record.dump());
      make_file(folder / "test_predictions.csv",
                "index,true,predicted,p0,p1\n0,0,0,0.75,0.25\n1,1,1,0.5,0.50000006\n2,1,1,0,1\n3,0,1,0,1\n");
    });
  };
  EXPECT_EQ(with_loss(30), "no error");
  EXPECT_THAT(with_loss(0.2), HasSubstr("mean loss"));  // two others have 0.245 already
}

TEST(RecordChecks, FindFlippedBitsOfAFile) {
  const std::pair<const char*, std::string> files[] = {
      {"test_predictions.csv", made_predictions}, {"history.csv", made_history}, {"history.json", made_history_json}};
  const TemporaryFolder folder;
  make_run(folder / "run");
  make_whole_run(folder / "run");
  for (const auto& [name, text] : files) {
    for (std::size_t bit = 0; bit < 8 * text.size(); bit += 3) {
      std::string flipped = text;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
      make_file(folder / "run" / name, flipped);
      try {
        read_run(folder / "run");
        ADD_FAILURE() << name << ", bit " << bit;
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::bad_input);
        EXPECT_THAT(error.what(), StartsWith((folder / "run" / name).string() + ": "));
      }
    }
    make_file(folder / "run" / name, text);
  }
}

TEST(RecordChecks, TellAFileThatTheRunDidNotWriteByItsHash) {
  std::string nearly = made_predictions;
  nearly.replace(nearly.find("0.875"), 5, "0.876");  // no other figure notices
  EXPECT_EQ(
      refusal_with("test_predictions.csv", nearly),
      "test_predictions.csv: not the file that the run wrote: its SHA-256 is another than in run.json (expected " +
          hash_of(made_predictions) + ", got " + hash_of(nearly) + ")");
  EXPECT_THAT(refusal_with("history.json", std::string(made_history_json) + "\n"),
              StartsWith("history.json: not the file that the run wrote: its SHA-256 is another than in run.json"));
}

TEST(RecordChecks, NameWhatDiffersInTheHistory) {
  EXPECT_EQ(refusal_with("history.csv", "epoch,accuracy,loss,seconds\n1,0.5,0.875,1.5\n2,0.75,0.5,1.25\n"),
            "history.csv: line 3, column loss: not what run.json says (expected 0.625, got 0.5)");
  EXPECT_EQ(refusal_with("history.json", R"({"accuracy": [0.5, 0.5], "loss": [0.875, 0.625], "seconds": [1.5, 1.25]})"),
            "history.json: epoch 2, accuracy: not the figures that run.json has");
}

TEST(RecordChecks, NeedNoFilesButThePredictions) {
  for (const char* const name : {"history.csv", "history.json"})
    EXPECT_EQ(refusal_after([&](const std::filesystem::path& folder) {
                make_whole_run(folder);
                std::filesystem::remove(folder / name);
              }),
              "no error");
}

TEST(RecordChecks, TakeNoHashThatIsNone) {
  const auto with_hash = [](const ordered_json& hash) {
    return refusal_of([&](ordered_json& record) { record["file_sha256"] = {{"history.csv", hash}}; });
  };
  EXPECT_EQ(with_hash(std::string(64, 'f')), "no error");  // of a file that is not there
  EXPECT_EQ(with_hash("ff"),
            R"(run.json: file_sha256.history.csv: not a SHA-256 (expected 64 hexadecimal digits, got "ff"))");
  EXPECT_THAT(with_hash(std::string(64, 'G')), HasSubstr("not a SHA-256"));
  EXPECT_EQ(with_hash(1), "run.json: file_sha256.history.csv: wrong type (expected a string, got 1)");
}

TEST(RunWeights, AreThoseOfTheRecordOrRefused) {
  const TemporaryFolder folder;
  make_run(folder / "run");
  EXPECT_FALSE(read_run_weights(read_run(folder / "run")));
  const RunFiles run = read_run(folder / "run");
  Parameters parameters = initial_parameters(run.network, 1);
  write_weights(folder / "run/model.safetensors", run.network, parameters, "", {});
  try {
    read_run_weights(run);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    EXPECT_THAT(error.what(), HasSubstr("model.safetensors: not the weights of this run: their hash is another than in "
                                        "run.json (expected 0123456789abcdef, got "));
  }
  ordered_json record = made_record();
  record["weights_sha256"] = weights_sha256(parameters);
  make_file(folder / "run/run.json", record.dump());
  EXPECT_EQ(read_run_weights(read_run(folder / "run"))->tensors.front().values, parameters.tensors.front().values);
}

}  // namespace
}  // namespace nib
