#include "report/recorded_run.h"

#include <gmock/gmock.h>

#include "base/error.h"
#include "report/sample_report.h"

namespace nib {
namespace {

using nlohmann::ordered_json;
using test::sample_record;
using testing::ElementsAre;
using testing::Optional;
using testing::Pair;
using Pointer = ordered_json::json_pointer;

std::string error_of(const ordered_json& record) {
  try {
    read_recorded_run(record, "old/run.json");
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

TEST(RecordedRun, ReadsWhatARunWrites) {
  const RecordedRun run = read_recorded_run(sample_record(), "run.json");
  EXPECT_EQ(run.status, "finished");
  EXPECT_EQ(run.version, "1.2.3");
  EXPECT_EQ(run.network, R"({"input":[28,28,1],"layers":[]})");
  EXPECT_THAT(run.configuration,
              ElementsAre(Pair("data", "mnist"), Pair("epochs", "2"), Pair("validation_split", "0.1"),
                          Pair("start_weights", "not set"), Pair("stream", "no")));
  EXPECT_THAT(run.data.class_names, ElementsAre("zero", "one", "two"));
  EXPECT_THAT(run.test->correct, Optional(90));
  EXPECT_THAT(run.test->confusion, ElementsAre(28, 2, 0, 1, 37, 2, 5, 0, 25));
  EXPECT_THAT(run.seconds.pictures, Optional(0.75));
  EXPECT_EQ(run.history.epochs(), 2U);
}

TEST(RecordedRun, MissesNothingInAnEmptyRecord) {
  const RecordedRun run = read_recorded_run(ordered_json::object(), "run.json");
  EXPECT_EQ(run.status, "");
  EXPECT_FALSE(run.test);
  EXPECT_FALSE(run.history.best_row());
}

/// The places of all keys of objects, however deep.
void add_keys(const ordered_json& value, const Pointer& place, std::vector<Pointer>& keys) {
  if (!value.is_object()) return;
  for (const auto& [key, each] : value.items()) {
    keys.push_back(place / key);
    add_keys(each, place / key, keys);
  }
}

TEST(RecordedRun, TakesEachKeyOfARecordAsOptional) {
  std::vector<Pointer> keys;
  add_keys(sample_record(), Pointer(), keys);
  EXPECT_GT(keys.size(), 40U);
  for (const Pointer& key : keys) {
    ordered_json record = sample_record();
    record[key.parent_pointer()].erase(key.back());
    EXPECT_EQ(error_of(record), "no error") << key;
  }
}

TEST(RecordedRun, TakesTheEpochWithTheLowestValidationLossForTheBest) {
  ordered_json record = sample_record();
  EXPECT_THAT(read_recorded_run(record, "run.json").history.best_row(), Optional(0U));
  record["history"].erase("val_loss");
  EXPECT_THAT(read_recorded_run(record, "run.json").history.best_row(), Optional(1U));
}

TEST(RecordedRun, PassesOverFiguresThatAreNotNumbersWhenItLooksForTheBestEpoch) {
  ordered_json record = sample_record();
  record["history"]["val_loss"] = {nullptr, 0.5};
  EXPECT_THAT(read_recorded_run(record, "run.json").history.best_row(), Optional(1U));
}

TEST(RecordedRun, QuotesTheWordsOfACommand) {
  ordered_json record = sample_record();
  record["command"] = {"nib", "train", "--out", "my run", "it's", ""};
  EXPECT_EQ(read_recorded_run(record, "run.json").command, R"(nib train --out 'my run' 'it'\''s' '')");
}

TEST(RecordedRun, NumbersClassesThatNobodyNamed) {
  ordered_json record = sample_record();
  record["data"].erase("class_names");
  record["data"].erase("class_counts");
  EXPECT_THAT(read_recorded_run(record, "run.json").data.class_names, ElementsAre("0", "1", "2"));
}

TEST(RecordedRun, NamesTheKeyOfAWrongType) {
  EXPECT_EQ(error_of(ordered_json::array()), "old/run.json: wrong type (expected an object, got an array of 0)");
  EXPECT_EQ(error_with("/engine", 7), "old/run.json: engine: wrong type (expected a text, got 7)");
  EXPECT_EQ(error_with("/test", "none"), R"(old/run.json: test: wrong type (expected an object, got "none"))");
  EXPECT_EQ(error_with("/test/loss", "low"), R"(old/run.json: test.loss: wrong type (expected a number, got "low"))");
  EXPECT_EQ(error_with("/test/confusion_matrix/1/2", -1),
            "old/run.json: test.confusion_matrix[1][2]: wrong type (expected a whole number from 0, got -1)");
  EXPECT_EQ(error_with("/history/loss/0", ordered_json::object()),
            "old/run.json: history.loss[0]: wrong type (expected a number, got an object)");
  EXPECT_EQ(error_with("/data/files", 1), "old/run.json: data.files: wrong type (expected an array, got 1)");
  EXPECT_EQ(error_with("/command", true), "old/run.json: command: wrong type (expected a text, got true)");
}

TEST(RecordedRun, RefusesEveryValueOfAnotherKind) {
  const ordered_json record = sample_record(), flat = record.flatten();
  for (const auto& [pointer, value] : flat.items()) {
    if (pointer.starts_with("/configuration/") || pointer.starts_with("/machine/") || value.is_null()) continue;
    if (pointer.starts_with("/program/libraries/")) continue;  // these are shown, whatever they are
    EXPECT_NE(error_with(pointer.c_str(), ordered_json::array({ordered_json::object()})), "no error") << pointer;
  }
}

TEST(RecordedRun, RefusesFiguresThatContradictEachOther) {
  EXPECT_EQ(error_with("/test/correct", 101),
            "old/run.json: test: more correct images than images (expected at most 100, got 101)");
  EXPECT_EQ(error_with("/test/confusion_matrix", {{1, 0}, {0, 1}}),
            "old/run.json: test.confusion_matrix: wrong number of classes (expected 3, got 2)");
  EXPECT_EQ(error_with("/test/confusion_matrix/1", {1, 2}),
            "old/run.json: test.confusion_matrix[1]: wrong number of classes (expected 3, got 2)");
  EXPECT_EQ(error_with("/data/class_counts/test", {1, 2}),
            "old/run.json: data.class_counts.test: wrong number of classes (expected 3, got 2)");
  EXPECT_EQ(error_with("/history/loss", {1, 2, 3}),
            "old/run.json: history.loss: wrong number of epochs (expected 2, got 3)");
}

}  // namespace
}  // namespace nib
