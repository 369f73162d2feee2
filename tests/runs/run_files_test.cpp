#include "runs/run_files.h"

#include <gmock/gmock.h>

#include <cmath>

#include "base/temporary_folder.h"
#include "runs/made_run.h"
#include "runs/record_of.h"
#include "runs/refusal.h"

namespace nib {
namespace {

using nlohmann::ordered_json;
using test::refusal_after;
using test::refusal_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

TEST(RunFiles, AreReadFromTheFolderOrByTheRecord) {
  const TemporaryFolder folder;
  make_run(folder / "run");
  for (const char* path : {"run", "run/", "run/run.json"}) {
    const RunFiles run = read_run(folder / path);
    EXPECT_TRUE(std::filesystem::equivalent(run.folder, folder / "run")) << path;
    EXPECT_EQ(to_json(run.record), to_json(test::record_of(made_record())));
    EXPECT_THAT(run.network.layers, SizeIs(2));
    EXPECT_THAT(run.predictions.predicted, ElementsAre(0, 1, 1, 1));
    ASSERT_THAT(run.record.history, SizeIs(2));
    EXPECT_EQ(run.record.history[1].epoch, 2U);
    EXPECT_EQ(run.record.history[1].accuracy, 0.75);
    EXPECT_EQ(run.record.history[1].loss, 0.625);
    EXPECT_EQ(run.record.history[1].seconds, 1.25);
    EXPECT_FALSE(run.record.history[1].validation_loss);
  }
}

TEST(RunFiles, HaveTheValidationFiguresOfTheRecord) {
  const TemporaryFolder folder;
  ordered_json record = made_record();
  record["history"]["val_accuracy"] = {0.25, 0.5};
  record["history"]["val_loss"] = {nullptr, 0.375};
  make_run(folder / "run", record);
  const History history = read_run(folder / "run").record.history;
  EXPECT_TRUE(std::isnan(*history[0].validation_loss));
  EXPECT_EQ(history[1].validation_loss, 0.375);
  EXPECT_EQ(history[1].validation_accuracy, 0.5);
}

TEST(RunFiles, AreRefusedWithTheStatusOfARunThatIsNotFinished) {
  for (const std::string status : {"running", "interrupted", "failed"})
    EXPECT_EQ(refusal_of([&](ordered_json& record) {
                record = {{"status", status}};
              }),
              "run.json: status: the run is not finished (expected finished, got " + status + ")");
}

TEST(RunFiles, AreRefusedWhereOneIsMissing) {
  const auto without = [](const char* name) {
    return refusal_after([&](const std::filesystem::path& folder) { std::filesystem::remove(folder / name); });
  };
  EXPECT_EQ(without("run.json"), "run.json: cannot open: no such file or directory");
  EXPECT_EQ(without("test_predictions.csv"), "test_predictions.csv: cannot open: no such file or directory");
}

TEST(RunFiles, AreRefusedWhereTheRecordIsNoJson) {
  const auto with_text = [](const std::string& text) {
    return refusal_after([&](const std::filesystem::path& folder) { make_file(folder / "run.json", text); });
  };
  EXPECT_EQ(with_text(""), "run.json: line 1, column 1: JSON ends too early");
  EXPECT_EQ(with_text("[]"), "run.json: wrong type (expected an object, got an array of 0)");
  EXPECT_EQ(with_text(R"({"status": "finished", "status": "running"})"),
            "run.json: status: key stands twice in an object");
  EXPECT_EQ(with_text(std::string(100, '[')), "run.json: JSON is nested too deep (expected at most 16 levels)");
}

TEST(RunFiles, AreRefusedWithoutAKeyThatAFinishedRunHas) {
  for (const char* path : {"/status",
                           "/started",
                           "/finished",
                           "/engine",
                           "/configuration",
                           "/configuration/network",
                           "/configuration/epochs",
                           "/configuration/batch",
                           "/configuration/learning_rate",
                           "/configuration/seed",
                           "/data",
                           "/data/name",
                           "/data/files",
                           "/data/files/3/raw_sha256",
                           "/data/class_names",
                           "/history",
                           "/history/epoch",
                           "/history/loss",
                           "/history/seconds",
                           "/test",
                           "/test/images",
                           "/test/correct",
                           "/test/loss",
                           "/test/accuracy",
                           "/test/confusion_matrix",
                           "/seconds/training",
                           "/weights_sha256"}) {
    const ordered_json::json_pointer pointer(path);
    EXPECT_THAT(refusal_of([&](ordered_json& record) { record[pointer.parent_pointer()].erase(pointer.back()); }),
                HasSubstr(pointer.back() + ": key is missing"));
  }
}

struct BadValue {
  const char* path;
  ordered_json value;
  std::string message;
};

TEST(RunFiles, AreRefusedForAValueThatCannotBe) {
  const BadValue cases[] = {
      {"/status", 1, "status: wrong type (expected finished or running or interrupted or failed, got 1)"},
      {"/engine", 7, "engine: wrong type (expected a string, got 7)"},
      {"/engine", nullptr, "engine: wrong type (expected a string, got null)"},
      {"/seconds/training", nullptr, "seconds.training: wrong type (expected a number, got null)"},
      {"/seconds/training", "x", "seconds.training: wrong type (expected a number, got \"x\")"},
      {"/test", nullptr, "test: wrong type (expected an object, got null)"},
      {"/test/loss", nullptr, "test.loss: wrong type (expected a number, got null)"},
      {"/configuration/batch", "x",
       "configuration.batch: wrong type (expected a whole number of at least 1, got \"x\")"},
      {"/data/class_names",
       {"a", "b", "c"},
       "test.confusion_matrix: wrong length (expected an array of at least 3, got an array of 2)"},
      {"/history/accuracy", nullptr, "history.accuracy: wrong type (expected an array of at least 2, got null)"},
      {"/history/loss", {1, 2, 3}, "history.loss: wrong length (expected an array of 2, got an array of 3)"},
      {"/history/val_loss", {1, 2}, "history.val_accuracy: key is missing"},
      {"/history/seconds/1", nullptr, "history.seconds[1]: wrong type (expected a number, got null)"},
      {"/configuration/epochs", 0,
       "configuration.epochs: number out of range (expected a whole number of at least 1, "
       "got 0)"},
      {"/configuration/seed", -1, "configuration.seed: wrong type (expected a whole number, got -1)"},
      {"/configuration/network/layers/0/type", "x",
       "configuration.network: layers[0].type: unknown value (expected convolution or max_pool or average_pool or "
       "global_average_pool or flatten or dense or "
       "dropout, got \"x\")"},
      {"/data/files", ordered_json::array(),
       "data.files: wrong length (expected an array of at least 4, got an array "
       "of 0)"},
      {"/data/class_names/1", nullptr, "data.class_names[1]: wrong type (expected a string, got null)"},
      {"/history/epoch/1", 3, "history.epoch[1]: epochs out of order (expected 2, got 3)"},
      {"/history/loss", {1}, "history.loss: wrong length (expected an array of at least 2, got an array of 1)"},
      {"/history/loss/0", "x", "history.loss[0]: wrong type (expected a number or null, got \"x\")"},
      {"/test/images", 0, "test.images: number out of range (expected a whole number of at least 1, got 0)"},
      {"/test/correct", 5, "test.correct: more than there are images (expected at most 4, got 5)"},
      {"/test/confusion_matrix/1",
       {1, -1},
       "test.confusion_matrix: wrong values (expected 2 rows of 2 whole "
       "numbers)"}};
  for (const BadValue& bad : cases)
    EXPECT_EQ(refusal_of([&](ordered_json& record) { record[ordered_json::json_pointer(bad.path)] = bad.value; }),
              "run.json: " + bad.message);
}

TEST(RunFiles, AreRefusedWhereTheTableIsOfOtherImages) {
  const auto with_table = [](const std::string& text) {
    return refusal_after(
        [&](const std::filesystem::path& folder) { make_file(folder / "test_predictions.csv", text); });
  };
  EXPECT_EQ(with_table("index,true,predicted,p0,p1\n0,0,0,1,0\n"),
            "test_predictions.csv: not the predictions of this run (expected 4 images of 2 classes, as run.json says, "
            "got 1 images of 2 classes)");
  EXPECT_EQ(with_table("index,true,predicted,p0,p1\n0,0,0,2,0\n"),
            "test_predictions.csv: line 2, column p0: wrong value (expected a number from 0 to 1, got 2)");
}

}  // namespace
}  // namespace nib
