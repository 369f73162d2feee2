#include "runs/run_record.h"

#include <gmock/gmock.h>

#include <cmath>

#include "base/error.h"
#include "base/temporary_folder.h"
#include "report/sample_report.h"
#include "runs/record_of.h"
#include "runs/run_monitor.h"
#include "tests/places.h"

namespace nib {
namespace {

using nlohmann::ordered_json;
using test::record_of;
using test::sample_record;
using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::Optional;
using testing::Pair;
using testing::StartsWith;
using Pointer = ordered_json::json_pointer;

std::string error_of(const ordered_json& record) {
  try {
    record_of(record, "old/run.json");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    return error.what();
  }
  return "no error";
}

std::string error_with(const char* pointer, ordered_json value) {
  ordered_json record = sample_record();
  record[Pointer(pointer)] = std::move(value);
  return error_of(record);
}

TEST(RunRecord, SaysWhereNotAllImagesWereUsed) {
  ordered_json record = sample_record();
  EXPECT_EQ(record_of(record).data.limit, std::nullopt);
  record["data"]["limit"] = 1000;
  const RunRecord run = record_of(record);
  EXPECT_THAT(run.data.limit, Optional(1000));
  EXPECT_EQ(to_json(run.data)["limit"], Json(1000));
  EXPECT_EQ(error_with("/data/limit", 0),
            "old/run.json: data.limit: number out of range (expected a whole number of at least 1, got 0)");
}

TEST(RunRecord, ReadsWhatARunWrites) {
  const RunRecord run = record_of(sample_record());
  EXPECT_EQ(run.status, RunStatus::finished);
  EXPECT_EQ(run.started, "2026-11-26T01:04:51Z");
  EXPECT_EQ(run.folder, "runs/first");
  EXPECT_EQ(run.engine, "cpu, AVX2, 2 threads, FP32");
  EXPECT_EQ(run.command, "nib train --epochs 2");
  EXPECT_EQ(run.weights_sha256, "7e3e887a");
  EXPECT_EQ(run.program["version"], "1.2.3");
  EXPECT_EQ(run.machine, Json({{"processor", "Model T"}, {"usable_cores", 2}}));
  EXPECT_EQ(json_line(run.configuration["network"]), R"({"input":[28,28,1],"layers":[]})");
  EXPECT_EQ(json_line(run.configuration),
            R"({"data":"mnist","network":{"input":[28,28,1],"layers":[]},"epochs":2,"validation_split":0.1,)"
            R"("start_weights":null,"stream":false})");
  EXPECT_THAT(run.data.files, ElementsAre(AllOf(Field(&FileRecord::path, "data/mnist/train"),
                                                Field(&FileRecord::raw_bytes, Optional(47040016)),
                                                Field(&FileRecord::gzipped, std::nullopt))));
  EXPECT_THAT(run.data.images, ElementsAre(Pair("training", 540), Pair("validation", 60), Pair("test", 100)));
  EXPECT_THAT(run.data.class_names, ElementsAre("zero", "one", "two"));
  EXPECT_THAT(run.data.class_counts,
              ElementsAre(Pair("training", ElementsAre(170, 180, 190)), Pair("test", ElementsAre(30, 40, 30))));
  EXPECT_EQ(run.test->images, 100U);
  EXPECT_EQ(run.test->correct, 90U);
  EXPECT_EQ(run.test->loss, 0.25);
  EXPECT_EQ(run.test->accuracy, 0.9);
  EXPECT_THAT(run.test->confusion, ElementsAre(28, 2, 0, 1, 37, 2, 5, 0, 25));
  EXPECT_THAT(run.seconds.pictures, Optional(0.75));
  EXPECT_THAT(run.peak_memory_bytes, Optional(91320320));
  ASSERT_EQ(run.history.size(), 2U);
  EXPECT_EQ(run.history[1].epoch, 2U);
  EXPECT_EQ(run.history[1].accuracy, 0.925);
  EXPECT_THAT(run.history[1].validation_loss, Optional(0.35));
}

TEST(RunRecord, NeedsNothingButTheStatus) {
  EXPECT_EQ(error_of(ordered_json::object()), "old/run.json: status: key is missing");
  const RunRecord run = record_of({{"status", "interrupted"}});
  EXPECT_EQ(run.status, RunStatus::interrupted);
  EXPECT_FALSE(run.test);
  EXPECT_FALSE(best_epoch(run));
  EXPECT_EQ(weights_in_words(run), "");
  EXPECT_EQ(record_of({{"status", "failed"}, {"future", 1}}).status, RunStatus::failed);
}

TEST(RunRecord, TellsWhetherTrainingCanBeRepeatedWhereItIsKnown) {
  EXPECT_EQ(record_of({{"status", "failed"}}).repeatable, std::nullopt);
  for (const bool repeatable : {true, false}) {
    const RunRecord record = record_of({{"status", "failed"}, {"repeatable", repeatable}});
    EXPECT_THAT(record.repeatable, Optional(repeatable));
    EXPECT_EQ(to_json(record)["repeatable"], repeatable);
  }
  EXPECT_THAT(error_of({{"status", "failed"}, {"repeatable", "yes"}}), testing::HasSubstr("repeatable: "));
}

TEST(RunRecord, TellsHowManyRanksThereWere) {
  EXPECT_EQ(record_of({{"status", "failed"}}).ranks, std::nullopt);
  const RunRecord record = record_of({{"status", "failed"}, {"ranks", 4}});
  EXPECT_THAT(record.ranks, Optional(4u));
  EXPECT_EQ(to_json(record)["ranks"], 4);
  EXPECT_THAT(error_of({{"status", "failed"}, {"ranks", 0}}), testing::HasSubstr("ranks: "));
}

TEST(RunRecord, WritesTheVeryDocumentThatARunWrote) {
  const std::string text = contents(std::filesystem::path(NIB_GOLDEN) / "runs/today/run.json");
  const std::string name = "run.json";
  const Json document = parse_json(text, name, 16);
  EXPECT_EQ(json_text(to_json(run_record(JsonReader(document, name)))), text);
}

std::vector<std::string> keys_of(const ordered_json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

TEST(RunRecord, HasItsHistoryOnlyWhenTheRunIsOver) {
  RunRecord record = record_of(sample_record());
  record.status = RunStatus::running;
  record.test.reset();
  record.weights_sha256.clear();
  EXPECT_THAT(keys_of(ordered_json::parse(json_line(to_json(record)))),
              ElementsAre("status", "started", "folder", "program", "machine", "engine", "configuration", "command",
                          "data", "seconds"));
  record.status = RunStatus::interrupted;
  record.reason = "signal 2";
  EXPECT_THAT(keys_of(ordered_json::parse(json_line(to_json(record)))),
              ElementsAre("status", "started", "folder", "program", "machine", "engine", "configuration", "command",
                          "data", "seconds", "reason", "history", "finished", "peak_memory_bytes", "files"));
}

/// The places of all keys of objects, however deep.
void add_keys(const ordered_json& value, const Pointer& place, std::vector<Pointer>& keys) {
  if (!value.is_object()) return;
  for (const auto& [key, each] : value.items()) {
    keys.push_back(place / key);
    add_keys(each, place / key, keys);
  }
}

TEST(RunRecord, TakesEachKeyButTheStatusAsOptional) {
  std::vector<Pointer> keys;
  add_keys(sample_record(), Pointer(), keys);
  EXPECT_GT(keys.size(), 40U);
  for (const Pointer& key : keys) {
    if (key == Pointer("/status")) continue;
    ordered_json record = sample_record();
    record[key.parent_pointer()].erase(key.back());
    EXPECT_EQ(error_of(record), "no error") << key;
  }
}

TEST(RunRecord, TakesNullForMissing) {
  for (const std::string& key : keys_of(sample_record())) {
    if (key == "status") continue;
    ordered_json record = sample_record();
    record[key] = nullptr;
    EXPECT_EQ(error_of(record), "no error") << key;
  }
}

TEST(RunRecord, TakesTheEpochWithTheLowestValidationLossForTheBest) {
  ordered_json record = sample_record();
  EXPECT_THAT(best_epoch(record_of(record)), Optional(1U));
  record["history"].erase("val_loss");
  EXPECT_THAT(best_epoch(record_of(record)), Optional(2U));
}

TEST(RunRecord, TakesTheBestEpochByTheMonitorOfItsConfiguration) {
  ordered_json record = sample_record();
  record["configuration"]["monitor"] = "val_accuracy";
  record["history"]["val_accuracy"] = {0.5, 0.75};
  EXPECT_THAT(best_epoch(record_of(record)), Optional(2U));
  record["configuration"]["min_delta"] = 0.5;
  EXPECT_THAT(best_epoch(record_of(record)), Optional(1U));
}

TEST(RunRecord, TellsWhichWeightsItHas) {
  ordered_json record = sample_record();
  EXPECT_EQ(weights_in_words(record_of(record)), "epoch 2, the last (the best by val_loss: 1)");
  record["weights_epoch"] = 1;
  EXPECT_EQ(weights_in_words(record_of(record)), "epoch 1, the best by val_loss");
  record["configuration"]["monitor"] = "loss";
  record["weights_epoch"] = nullptr;
  EXPECT_EQ(weights_in_words(record_of(record)), "epoch 2, the last and the best by loss");
}

TEST(RunRecord, TellsWhyTheRunStoppedEarly) {
  ordered_json record = sample_record();
  record["configuration"]["epochs"] = 5;
  EXPECT_EQ(early_stop_in_words(record_of(record)), "");
  record["configuration"]["early_stopping"] = 1;
  EXPECT_EQ(early_stop_in_words(record_of(record)), "val_loss was not better than in epoch 1 for 1 epoch");
  EXPECT_EQ(to_json(record_of(record))["stopped_early"], Json(early_stop_in_words(record_of(record))));
  record["history"]["val_loss"] = {nullptr, nullptr};
  EXPECT_EQ(early_stop_in_words(record_of(record)), "val_loss was no number in any epoch");
}

TEST(RunRecord, PassesOverFiguresThatAreNotNumbersWhenItLooksForTheBestEpoch) {
  ordered_json record = sample_record();
  record["history"]["val_loss"] = {nullptr, 0.5};
  EXPECT_THAT(best_epoch(record_of(record)), Optional(2U));
}

TEST(RunRecord, QuotesTheWordsOfACommand) {
  ordered_json record = sample_record();
  record["command"] = {"nib", "train", "--out", "my run", "it's", ""};
  EXPECT_EQ(record_of(record).command, R"(nib train --out 'my run' 'it'\''s' '')");
}

TEST(RunRecord, NumbersClassesThatNobodyNamed) {
  ordered_json record = sample_record();
  record["data"].erase("class_names");
  record["data"].erase("class_counts");
  EXPECT_THAT(record_of(record).data.class_names, ElementsAre("0", "1", "2"));
}

TEST(RunRecord, TellsWhatIsMissingOfATestByNoImagesAndNaN) {
  ordered_json record = sample_record();
  record["test"] = {{"images", 100}, {"accuracy", 0.5}};
  const RunRecord run = record_of(record);
  EXPECT_EQ(run.test->images, 0U);
  EXPECT_EQ(run.test->correct, 0U);
  EXPECT_TRUE(std::isnan(run.test->loss));
  EXPECT_EQ(run.test->accuracy, 0.5);
  EXPECT_EQ(json_line(to_json(*run.test)), R"({"loss":null,"accuracy":0.5})");
}

TEST(RunRecord, NamesTheKeyOfAWrongType) {
  EXPECT_EQ(error_of(ordered_json::array()), "old/run.json: wrong type (expected an object, got an array of 0)");
  EXPECT_EQ(error_with("/status", "done"),
            "old/run.json: status: unknown value (expected finished or running or interrupted or failed, got "
            "\"done\")");
  EXPECT_EQ(error_with("/engine", 7), "old/run.json: engine: wrong type (expected a string, got 7)");
  EXPECT_EQ(error_with("/test", "none"), R"(old/run.json: test: wrong type (expected an object, got "none"))");
  EXPECT_EQ(error_with("/test/loss", "low"), R"(old/run.json: test.loss: wrong type (expected a number, got "low"))");
  EXPECT_EQ(error_with("/test/images", 0.5),
            "old/run.json: test.images: number out of range (expected a whole number of at least 1, got 0.5)");
  EXPECT_EQ(error_with("/test/confusion_matrix", 1),
            "old/run.json: test.confusion_matrix: wrong type (expected an array, got 1)");
  EXPECT_EQ(error_with("/test/confusion_matrix/1/2", -1),
            "old/run.json: test.confusion_matrix: wrong values (expected 3 rows of 3 whole numbers)");
  EXPECT_EQ(error_with("/history/loss/0", ordered_json::object()),
            "old/run.json: history.loss[0]: wrong type (expected a number or null, got an object)");
  EXPECT_EQ(error_with("/data/files", 1), "old/run.json: data.files: wrong type (expected an array, got 1)");
  EXPECT_EQ(error_with("/data/files/0/gzipped", 1),
            "old/run.json: data.files[0].gzipped: wrong type (expected true or false, got 1)");
  EXPECT_EQ(error_with("/data/class_counts/test/1", 0.5),
            "old/run.json: data.class_counts.test[1]: wrong type (expected a whole number, got 0.5)");
  EXPECT_EQ(error_with("/command", true), "old/run.json: command: wrong type (expected a string, got true)");
  EXPECT_EQ(error_with("/program/libraries", 1),
            "old/run.json: program.libraries: wrong type (expected an object, got 1)");
}

TEST(RunRecord, RefusesEveryValueOfAnotherKind) {
  const ordered_json record = sample_record(), flat = record.flatten();
  for (const auto& [pointer, value] : flat.items()) {
    if (pointer.starts_with("/configuration/") || pointer.starts_with("/machine/") || value.is_null()) continue;
    if (pointer.starts_with("/program/libraries/")) continue;  // these are shown, whatever they are
    EXPECT_NE(error_with(pointer.c_str(), ordered_json::array({ordered_json::object()})), "no error") << pointer;
  }
}

TEST(RunRecord, RefusesFiguresThatContradictEachOther) {
  EXPECT_EQ(error_with("/test/correct", 101),
            "old/run.json: test.correct: more than there are images (expected at most 100, got 101)");
  EXPECT_EQ(error_with("/test/confusion_matrix", {{1, 0}, {0, 1}}),
            "old/run.json: test.confusion_matrix: wrong values (expected 3 rows of 3 whole numbers)");
  EXPECT_EQ(error_with("/test/confusion_matrix/1", {1, 2}),
            "old/run.json: test.confusion_matrix: wrong values (expected 3 rows of 3 whole numbers)");
  EXPECT_EQ(error_with("/data/class_counts/test", {1, 2}),
            "old/run.json: data.class_counts.test: wrong number of classes (expected 3, got 2)");
  EXPECT_EQ(error_with("/history/loss", {1, 2, 3}),
            "old/run.json: history.loss: wrong length (expected an array of 2, got an array of 3)");
  EXPECT_EQ(error_with("/history/loss", {1}),
            "old/run.json: history.loss: wrong length (expected an array of 2, got an array of 1)");
  EXPECT_EQ(error_with("/history/epoch", {1, 3}),
            "old/run.json: history.epoch[1]: epochs out of order (expected 2, got 3)");
}

TEST(RunRecord, RefusesCountsOfNoClassesBesideAMatrix) {
  const ordered_json record = {{"status", "finished"},
                               {"data", {{"class_counts", {{"test", ordered_json::array()}}}}},
                               {"test", {{"confusion_matrix", {{1, 0}, {0, 1}}}}}};
  EXPECT_EQ(error_of(record), "old/run.json: test.confusion_matrix: wrong values (expected 0 rows of 0 whole numbers)");
}

TEST(RunRecord, RefusesMoreSettingsThanAreCompared) {
  ordered_json record = sample_record();
  for (int i = 0; i < 1000; ++i) record["configuration"].emplace(std::to_string(i), i);
  EXPECT_EQ(error_of(record), "old/run.json: configuration: too many settings (expected at most 1000, got 1006)");
}

TEST(RunRecord, KeepsTheEpochsOfAHistoryWithoutTheirNumbers) {
  ordered_json record = sample_record();
  record["history"] = {{"other", 1}, {"loss", {0.5, nullptr}}};
  const History history = record_of(record).history;
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(history[1].epoch, 2U);
  EXPECT_TRUE(std::isnan(history[1].loss));
  EXPECT_TRUE(std::isnan(history[0].accuracy));
  EXPECT_FALSE(history[0].validation_loss);
}

TEST(RunRecord, NamesElementsBelowALongKeyInTimeOfItsLength) {
  ordered_json record = sample_record();
  ordered_json counts(100'000, 1);
  counts.back() = -1;
  record["data"]["class_names"] = nullptr;
  record["data"]["class_counts"] = {{std::string(1'000'000, 'k'), counts}};
  const std::string message = error_of(record);
  EXPECT_THAT(message, StartsWith("old/run.json: data.class_counts.kkkk"));
  EXPECT_THAT(message, testing::EndsWith("k...[99999]: wrong type (expected a whole number, got -1)"));
}

}  // namespace
}  // namespace nib
